/* What gives up after a while: SO_RCVTIMEO, SO_SNDTIMEO, poll(), select(). */
#include "check.h"

/* Whether about so many milliseconds have gone by; hosts may be busy, so it may be much longer, but not shorter. */
static bool about(int64_t since, int expected)
{
    int64_t passed = milliseconds() - since;
    return passed >= expected - 10 && passed < expected + 3000;
}

static bool set_timeout(int fd, int option, int wanted)
{
    struct timeval timeout = { .tv_sec = wanted / 1000, .tv_usec = wanted % 1000 * 1000 }, got = { 0 };
    socklen_t length = sizeof got;
    return setsockopt(fd, SOL_SOCKET, option, &timeout, sizeof timeout) == 0 &&
           getsockopt(fd, SOL_SOCKET, option, &got, &length) == 0 && length == sizeof got &&
           got.tv_sec == timeout.tv_sec && got.tv_usec == timeout.tv_usec;
}

int main(void)
{
    int client, server;
    char byte;
    connected_pair(&client, &server);
    check(set_timeout(client, SO_RCVTIMEO, 100), "SO_RCVTIMEO reads back");
    int64_t start = milliseconds();
    check(failed_with(recv(client, &byte, 1, 0), EAGAIN) && about(start, 100), "recv gives up after SO_RCVTIMEO");
    send(server, "x", 1, 0);
    check(recv(client, &byte, 1, 0) == 1 && byte == 'x', "and works when something comes");
    check(set_timeout(client, SO_RCVTIMEO, 0), "0 is for ever again");

    check(set_timeout(server, SO_SNDTIMEO, 100), "SO_SNDTIMEO reads back");
    static char much[1 << 20];
    ssize_t sent = 0;
    start = milliseconds();
    for (int i = 0; i < 64 && sent >= 0; i++) {
        start = milliseconds();
        sent = send(server, much, sizeof much, 0);
    }
    check(failed_with(sent, EAGAIN) && about(start, 100), "send gives up after SO_SNDTIMEO when the peer does not read");
    check(ready(server, POLLOUT, 50) == 0, "poll() says that it cannot send");
    close(client);
    close(server);

    int listening = listener();
    set_timeout(listening, SO_RCVTIMEO, 100);
    start = milliseconds();
    check(failed_with(accept(listening, NULL, NULL), EAGAIN) && about(start, 100), "so does accept");
    close(listening);

    int udp = bound(SOCK_DGRAM);
    set_timeout(udp, SO_RCVTIMEO, 100);
    start = milliseconds();
    check(failed_with(recv(udp, &byte, 1, 0), EAGAIN) && about(start, 100), "and recv of a datagram");

    start = milliseconds();
    check(ready(udp, POLLIN, 100) == 0 && about(start, 100), "poll() gives up after its timeout");
    start = milliseconds();
    check(ready(udp, POLLIN, 0) == 0 && about(start, 0), "poll() with 0 only looks");
    start = milliseconds();
    check(poll(NULL, 0, 50) == 0 && about(start, 50), "poll() of nothing is a pause");
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(udp, &readable);
    struct timeval timeout = { .tv_usec = 100000 };
    start = milliseconds();
    check(select(udp + 1, &readable, NULL, NULL, &timeout) == 0 && about(start, 100) && !FD_ISSET(udp, &readable),
          "select() gives up after its timeout");
    struct timespec precise = { .tv_nsec = 50000000 };
    FD_SET(udp, &readable);
    start = milliseconds();
    check(pselect(udp + 1, &readable, NULL, NULL, &precise, NULL) == 0 && about(start, 50), "so does pselect()");
    close(udp);
    return summary();
}
