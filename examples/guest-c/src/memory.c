/*
 * Where the host puts the lists it returns.
 *
 * A stream's bytes can land in the caller's buffer at once, which saves an allocation and a copy for each read.
 */
#include "descriptors.h"

#include <stdlib.h>

static void *landing_place;
static size_t landing_size;

void wittle_land_in(void *place, size_t size)
{
    landing_place = place;
    landing_size = size;
}

void wittle_land_anywhere(void)
{
    landing_place = NULL;
}

__attribute__((export_name("cabi_realloc")))
void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size)
{
    if (size == 0)
        return (void *)alignment; /* never read or written, and must be aligned */
    if (old == NULL && landing_place != NULL && size <= landing_size && (size_t)landing_place % alignment == 0) {
        void *place = landing_place;
        landing_place = NULL;
        return place;
    }
    void *memory;
    if (alignment <= _Alignof(max_align_t)) {
        memory = realloc(old_size == 0 ? NULL : old, size);
    } else {
        /* Nothing here is aligned that strictly, but an adapter's own state may be; it is never resized. */
        memory = old_size == 0 ? aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment) : NULL;
    }
    /* There is no way to report failure through this function. */
    if (memory == NULL)
        abort();
    return memory;
}
