/*
 * poll() and select() over sockets and Preview 1 descriptors together.
 *
 * Both kinds cannot be waited for in one call of the host, so Preview 1's are asked without waiting, and the waiting is
 * done on the sockets' pollables and the clock. Standard input, the one that matters, has a pollable of its own. Any
 * other that is not ready at once (files always are) is asked again at short intervals.
 */
#include "descriptors.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

/* Between two looks at a Preview 1 descriptor that has no pollable. */
#define INTERVAL 20000000u

int __real_poll(struct pollfd *descriptors, nfds_t count, int timeout);

/* What one pollable stands for. */
struct interest {
    nfds_t index;
    short events; /* 0: a connect in progress, see what came of it */
};

struct poll_set {
    struct pollfd *descriptors;
    nfds_t count;
    handle *pollables;
    struct interest *interests;
    size_t used;
    uint32_t *ready;
    struct pollfd *preview1; /* those which are not sockets, with their places in the caller's array */
    nfds_t *places;
    nfds_t preview1_count;
};

static void watch(struct poll_set *set, handle pollable, nfds_t index, short events)
{
    set->pollables[set->used] = pollable;
    set->interests[set->used++] = (struct interest){ index, events };
}

/* The pollable of standard input, made once. */
static handle stdin_ready(void)
{
    static handle ready = NO_HANDLE;
    if (ready == NO_HANDLE)
        ready = wasi_input_subscribe(wasi_stdin());
    return ready;
}

/* A failed connect is both readable and writable, so that whoever waits for either gets to see the error. */
static short failed(short events)
{
    return POLLERR | POLLHUP | (events & (POLLIN | POLLOUT));
}

/* What a stream socket is ready for already; watches the rest. */
static short look_at_tcp(struct poll_set *set, struct open_socket *socket, nfds_t index, short events)
{
    int error = wittle_tcp_settle(socket);
    if (error != 0 && error != EINPROGRESS)
        socket->pending_error = error;
    if (socket->pending_error != 0)
        return failed(events);
    short ready = 0;
    switch (socket->state) {
    case CONNECTING:
        watch(set, wittle_socket_ready(socket), index, 0);
        break;
    case LISTENING:
        if (events & POLLIN)
            watch(set, wittle_socket_ready(socket), index, POLLIN);
        break;
    case CONNECTED:
        if (socket->read_shut || socket->at_end || socket->ahead_length > 0)
            ready |= events & POLLIN;
        else if (events & POLLIN)
            watch(set, wittle_input_ready(socket), index, POLLIN);
        if (socket->write_shut)
            ready |= events & POLLOUT;
        else if (events & POLLOUT)
            watch(set, wittle_output_ready(socket), index, POLLOUT);
        if (socket->write_shut && (socket->read_shut || socket->at_end))
            ready |= POLLHUP;
        break;
    case UNBOUND:
    case BOUND:
    case FAILED:
        ready = POLLHUP | (events & POLLOUT);
        break;
    }
    return ready;
}

static short look_at_udp(struct poll_set *set, struct open_socket *socket, nfds_t index, short events)
{
    short ready = 0;
    if (socket->pending_error != 0)
        return failed(events);
    /* Nothing can arrive before there is a port, and the first send makes one. */
    if (socket->state == UNBOUND)
        return events & POLLOUT;
    int error = wittle_udp_ready(socket);
    if (error != 0) {
        socket->pending_error = error;
        return failed(events);
    }
    if (socket->has_datagram || socket->read_shut)
        ready |= events & POLLIN;
    else if (events & POLLIN)
        watch(set, wittle_input_ready(socket), index, POLLIN);
    if (events & POLLOUT)
        watch(set, wittle_output_ready(socket), index, POLLOUT);
    return ready;
}

/* Whether Preview 1 knows the number; its own poll may fail altogether over one that it does not know. */
static bool is_open(int fd)
{
    __wasi_fdstat_t status;
    return __wasi_fd_fdstat_get(fd, &status) == 0;
}

/* Fills in what is ready now and collects what to wait for; returns how many are ready, or -1. */
static int look(struct poll_set *set, bool *again_soon)
{
    int ready = 0;
    set->used = 0;
    set->preview1_count = 0;
    *again_soon = false;
    for (nfds_t i = 0; i < set->count; i++) {
        struct pollfd *each = &set->descriptors[i];
        each->revents = 0;
        if (each->fd < 0)
            continue;
        struct open_socket *socket = wittle_socket_find(each->fd);
        if (socket == NULL && is_open(each->fd)) {
            set->preview1[set->preview1_count] = *each;
            set->places[set->preview1_count++] = i;
        } else if (socket == NULL) {
            each->revents = POLLNVAL;
        } else if (socket->type == SOCK_STREAM) {
            each->revents = look_at_tcp(set, socket, i, each->events);
        } else {
            each->revents = look_at_udp(set, socket, i, each->events);
        }
        ready += each->revents != 0;
    }
    if (set->preview1_count == 0)
        return ready;
    if (__real_poll(set->preview1, set->preview1_count, 0) < 0)
        return -1;
    for (nfds_t i = 0; i < set->preview1_count; i++) {
        struct pollfd *each = &set->descriptors[set->places[i]];
        each->revents = set->preview1[i].revents;
        if (each->revents != 0)
            ready++;
        else if (each->fd == STDIN_FILENO && (each->events & POLLIN))
            watch(set, stdin_ready(), set->places[i], POLLIN);
        else if (each->events != 0)
            *again_soon = true;
    }
    return ready;
}

/* Waits for what was collected, or until one of the clocks; fills in what became ready. Says whether time is up. */
static bool wait_for_set(struct poll_set *set, handle timer, handle interval)
{
    size_t watched = set->used;
    struct ready_list list;
    if (timer != NO_HANDLE)
        watch(set, timer, 0, 0);
    if (interval != NO_HANDLE)
        watch(set, interval, 0, 0);
    wittle_land_in(set->ready, set->used * sizeof *set->ready);
    wasi_poll(set->pollables, set->used, &list);
    wittle_land_anywhere();
    bool time_is_up = false;
    for (size_t i = 0; i < list.length; i++) {
        uint32_t index = list.data[i];
        if (index >= watched) {
            time_is_up |= set->pollables[index] == timer;
            continue;
        }
        const struct interest *interest = &set->interests[index];
        set->descriptors[interest->index].revents |= interest->events;
        if (interest->events == 0) {
            struct pollfd *each = &set->descriptors[interest->index];
            struct open_socket *socket = wittle_socket_find(each->fd);
            int error = wittle_tcp_settle(socket);
            if (error == 0) {
                each->revents |= each->events & POLLOUT;
            } else if (error != EINPROGRESS) {
                socket->pending_error = error;
                each->revents |= failed(each->events);
            }
        }
    }
    return time_is_up;
}

static int count_ready(const struct poll_set *set)
{
    int ready = 0;
    for (nfds_t i = 0; i < set->count; i++)
        ready += set->descriptors[i].revents != 0;
    return ready;
}

/* nanoseconds; UINT64_MAX is for ever. */
static int poll_set(struct poll_set *set, uint64_t timeout)
{
    handle timer = NO_HANDLE;
    int ready = 0;
    for (bool time_is_up = false;;) {
        bool again_soon;
        ready = look(set, &again_soon);
        if (ready < 0 || time_is_up)
            break;
        /* Even when something is ready already the others get their chance, or a busy one would hide them. */
        if (ready > 0) {
            if (set->used == 0)
                break;
            handle now = wasi_clock_after(0);
            wait_for_set(set, now, NO_HANDLE);
            wasi_pollable_drop(now);
            ready = count_ready(set);
            break;
        }
        if (timer == NO_HANDLE && timeout != UINT64_MAX)
            timer = wasi_clock_after(timeout);
        handle interval = again_soon || (set->used == 0 && timer == NO_HANDLE) ? wasi_clock_after(INTERVAL) : NO_HANDLE;
        time_is_up = wait_for_set(set, timer, interval);
        if (interval != NO_HANDLE)
            wasi_pollable_drop(interval);
        ready = count_ready(set);
        if (ready > 0 || (time_is_up && set->preview1_count == 0))
            break;
    }
    if (timer != NO_HANDLE)
        wasi_pollable_drop(timer);
    return ready;
}

/* Whether Preview 1's own poll can do it all. */
static bool all_preview1(const struct pollfd *descriptors, nfds_t count)
{
    for (nfds_t i = 0; i < count; i++)
        if (descriptors[i].fd < 0 || wittle_socket_find(descriptors[i].fd) != NULL || !is_open(descriptors[i].fd))
            return false;
    return count > 0;
}

static int poll_for(struct pollfd *descriptors, nfds_t count, uint64_t timeout)
{
    if (all_preview1(descriptors, count)) {
        uint64_t milliseconds = timeout / 1000000u + (timeout % 1000000u != 0);
        return __real_poll(descriptors, count, milliseconds > INT_MAX ? -1 : (int)milliseconds);
    }
    struct poll_set set = { .descriptors = descriptors, .count = count };
    size_t most = 2 * (size_t)count + 2; /* a socket is watched for reading and writing, and there are two clocks */
    set.pollables = malloc(most * sizeof *set.pollables);
    set.interests = malloc(most * sizeof *set.interests);
    set.ready = malloc(most * sizeof *set.ready);
    set.preview1 = malloc((count + 1) * sizeof *set.preview1);
    set.places = malloc((count + 1) * sizeof *set.places);
    int ready = -1;
    if (set.pollables != NULL && set.interests != NULL && set.ready != NULL && set.preview1 != NULL &&
        set.places != NULL)
        ready = poll_set(&set, timeout);
    else
        errno = ENOMEM;
    int error = errno;
    free(set.pollables);
    free(set.interests);
    free(set.ready);
    free(set.preview1);
    free(set.places);
    errno = error;
    return ready;
}

int __wrap_poll(struct pollfd *descriptors, nfds_t count, int timeout)
{
    return poll_for(descriptors, count, timeout < 0 ? UINT64_MAX : (uint64_t)timeout * 1000000u);
}

int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout, const sigset_t *signals)
{
    (void)signals; /* there are none */
    if (timeout == NULL)
        return poll_for(descriptors, count, UINT64_MAX);
    if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000)
        return wittle_fail(EINVAL);
    return poll_for(descriptors, count, (uint64_t)timeout->tv_sec * 1000000000u + (uint64_t)timeout->tv_nsec);
}

/* Adds the members of one of select()'s sets; an fd_set of wasi-libc is a list of numbers. */
static nfds_t add_members(struct pollfd *descriptors, nfds_t used, const fd_set *members, int limit, short events)
{
    for (size_t i = 0; members != NULL && i < members->__nfds; i++) {
        int fd = members->__fds[i];
        nfds_t at = 0;
        if (fd >= limit)
            continue;
        while (at < used && descriptors[at].fd != fd)
            at++;
        if (at == used)
            descriptors[used++] = (struct pollfd){ .fd = fd };
        descriptors[at].events |= events;
    }
    return used;
}

/* Leaves in one of select()'s sets those of its members that are ready; returns how many. */
static int keep_ready(const struct pollfd *descriptors, nfds_t used, fd_set *members, short asked, short ready)
{
    if (members == NULL)
        return 0;
    FD_ZERO(members);
    for (nfds_t i = 0; i < used; i++)
        if ((descriptors[i].events & asked) && (descriptors[i].revents & ready))
            FD_SET(descriptors[i].fd, members);
    return (int)members->__nfds;
}

/* nanoseconds; UINT64_MAX is for ever. */
static int select_for(int limit, fd_set *readable, fd_set *writable, fd_set *exceptional, uint64_t timeout)
{
    if (limit < 0)
        return wittle_fail(EINVAL);
    size_t most = (readable ? readable->__nfds : 0) + (writable ? writable->__nfds : 0) +
                  (exceptional ? exceptional->__nfds : 0);
    struct pollfd *descriptors = malloc((most + 1) * sizeof *descriptors);
    if (descriptors == NULL)
        return wittle_fail(ENOMEM);
    nfds_t used = add_members(descriptors, 0, readable, limit, POLLIN);
    used = add_members(descriptors, used, writable, limit, POLLOUT);
    /* There is no urgent data: members of the third set are only checked for being open. */
    used = add_members(descriptors, used, exceptional, limit, 0);
    int ready = poll_for(descriptors, used, timeout);
    for (nfds_t i = 0; ready >= 0 && i < used; i++)
        if (descriptors[i].revents & POLLNVAL)
            ready = wittle_fail(EBADF);
    if (ready >= 0) {
        ready = keep_ready(descriptors, used, readable, POLLIN, POLLIN | POLLHUP | POLLERR);
        ready += keep_ready(descriptors, used, writable, POLLOUT, POLLOUT | POLLERR);
        ready += keep_ready(descriptors, used, exceptional, 0, 0);
    }
    free(descriptors);
    return ready;
}

int select(int limit, fd_set *restrict readable, fd_set *restrict writable, fd_set *restrict exceptional,
           struct timeval *restrict timeout)
{
    if (timeout == NULL)
        return select_for(limit, readable, writable, exceptional, UINT64_MAX);
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0)
        return wittle_fail(EINVAL);
    return select_for(limit, readable, writable, exceptional,
                      (uint64_t)timeout->tv_sec * 1000000000u + (uint64_t)timeout->tv_usec * 1000u);
}

int pselect(int limit, fd_set *restrict readable, fd_set *restrict writable, fd_set *restrict exceptional,
            const struct timespec *restrict timeout, const sigset_t *restrict signals)
{
    (void)signals;
    if (timeout == NULL)
        return select_for(limit, readable, writable, exceptional, UINT64_MAX);
    if (timeout->tv_sec < 0 || timeout->tv_nsec < 0)
        return wittle_fail(EINVAL);
    return select_for(limit, readable, writable, exceptional,
                      (uint64_t)timeout->tv_sec * 1000000000u + (uint64_t)timeout->tv_nsec);
}
