/* forests.h - the trees kernel over forests made of bytes, as trees.c and fuzz.c run it. */
#ifndef HEADWISE_FORESTS_H
#define HEADWISE_FORESTS_H

#include <stddef.h>
#include <stdint.h>

/* Make sound trees and rows of the bytes. They must be found sound, and add up to what another way of following them does; then one place
 * after the other is spoilt, which must be found each time. */
void feed_sound_forest(const uint8_t *data, size_t size);

/* Take the bytes for trees as they are. What is found sound must add up; returns whether it was. */
int feed_any_forest(const uint8_t *data, size_t size);

#endif
