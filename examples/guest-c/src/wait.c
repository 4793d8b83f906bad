/* Waiting for one pollable, with or without a deadline. */
#include "descriptors.h"

#include <errno.h>

uint64_t wittle_deadline(uint64_t timeout)
{
    if (timeout == 0)
        return 0;
    uint64_t now = wasi_clock_now();
    return timeout < UINT64_MAX - now ? now + timeout : 0;
}

int wittle_wait(handle pollable, uint64_t deadline)
{
    if (deadline == 0) {
        wasi_pollable_block(pollable);
        return 0;
    }
    handle both[2] = { pollable, wasi_clock_at(deadline) };
    uint32_t indexes[2];
    struct ready_list ready;
    wittle_land_in(indexes, sizeof indexes);
    wasi_poll(both, 2, &ready);
    wittle_land_anywhere();
    wasi_pollable_drop(both[1]);
    for (size_t i = 0; i < ready.length; i++)
        if (ready.data[i] == 0)
            return 0;
    return EAGAIN;
}
