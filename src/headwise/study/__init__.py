"""Questions asked of labelled captures, and their answers as rows and figures."""
