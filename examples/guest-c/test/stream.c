/* Connections: data both ways, half-close, the end of the stream, every way to read and write. */
#include "check.h"

#include <sys/ioctl.h>
#include <sys/uio.h>

static void addresses(void)
{
    int listening = listener();
    struct sockaddr_in at = { 0 }, from = { 0 }, local = { 0 };
    socklen_t length = sizeof at;
    check(getsockname(listening, (struct sockaddr *)&at, &length) == 0 && length == sizeof at && at.sin_port != 0 &&
              at.sin_addr.s_addr == htonl(INADDR_LOOPBACK), "binding to port 0 gives a real port");

    int client = socket(AF_INET, SOCK_STREAM, 0);
    length = sizeof local;
    check(getsockname(client, (struct sockaddr *)&local, &length) == 0 && local.sin_port == 0,
          "an unbound socket has no port");
    check(failed_with(getpeername(client, (struct sockaddr *)&local, &length), ENOTCONN), "and no peer");
    check(failed_with(send(client, "x", 1, 0), ENOTCONN), "and sends nothing");
    check(connect(client, (struct sockaddr *)&at, sizeof at) == 0, "connect");
    length = sizeof from;
    int server = accept(listening, (struct sockaddr *)&from, &length);
    check(server >= 0 && length == sizeof from, "accept");
    length = sizeof local;
    check(getsockname(client, (struct sockaddr *)&local, &length) == 0 && local.sin_port == from.sin_port,
          "accept tells the client's address");
    length = sizeof local;
    check(getpeername(client, (struct sockaddr *)&local, &length) == 0 && local.sin_port == at.sin_port,
          "the client's peer is the listener's address");
    length = 2;
    memset(&local, 0xff, sizeof local);
    check(getpeername(client, (struct sockaddr *)&local, &length) == 0 && length == sizeof local &&
              local.sin_port == 0xffff, "a short buffer is not written beyond and the length is told");
    check(failed_with(connect(client, (struct sockaddr *)&at, sizeof at), EISCONN), "connecting again is EISCONN");
    check(failed_with(connect(listening, (struct sockaddr *)&at, sizeof at), EOPNOTSUPP),
          "a listener cannot connect");
    check(failed_with(accept(client, NULL, NULL), EINVAL), "a connected socket cannot accept");
    close(server);
    close(client);
    close(listening);
}

static void half_close(void)
{
    int client, server;
    char text[64];
    connected_pair(&client, &server);
    check(send(client, "question", 8, 0) == 8 && shutdown(client, SHUT_WR) == 0, "send, then shut the sending side");
    check(read_all(server, text, sizeof text) == 8 && memcmp(text, "question", 8) == 0,
          "the peer reads what was sent and then the end");
    check(recv(server, text, sizeof text, 0) == 0, "the end comes again when asked again");
    check(failed_with(send(client, "x", 1, MSG_NOSIGNAL), EPIPE), "sending after that is EPIPE");
    check(send(server, "an answer", 9, 0) == 9, "the other direction still works");
    check(read_all(client, text, 9) == 9 && memcmp(text, "an answer", 9) == 0, "and is read");
    check(close(server) == 0, "close");
    check(recv(client, text, sizeof text, 0) == 0 && recv(client, text, sizeof text, 0) == 0,
          "then the end, twice");
    close(client);

    connected_pair(&client, &server);
    check(shutdown(client, SHUT_RD) == 0 && recv(client, text, sizeof text, 0) == 0,
          "after shutting the receiving side there is nothing to read");
    check(shutdown(client, SHUT_RDWR) == 0, "shut both sides");
    check(failed_with(shutdown(client, 77), EINVAL), "an unknown side is EINVAL");
    close(client);
    close(server);
}

static void every_way(void)
{
    int client, server;
    char a[64], b[64];
    connected_pair(&client, &server);
    check(write(client, "written", 7) == 7 && read(server, a, sizeof a) == 7 && memcmp(a, "written", 7) == 0,
          "write and read");

    struct iovec out[3] = { { "one ", 4 }, { "", 0 }, { "two", 3 } };
    struct iovec in[2] = { { a, 4 }, { b, sizeof b } };
    check(writev(client, out, 3) == 7, "writev");
    size_t got = 0;
    ready(server, POLLIN, 5000);
    got = (size_t)readv(server, in, 2);
    if (got == 4)
        got += (size_t)recv(server, b, sizeof b, 0);
    check(got == 7 && memcmp(a, "one ", 4) == 0 && memcmp(b, "two", 3) == 0, "readv");

    struct msghdr message = { .msg_iov = out, .msg_iovlen = 3 };
    check(sendmsg(client, &message, 0) == 7, "sendmsg");
    message = (struct msghdr){ .msg_iov = (struct iovec[]){ { a, 7 } }, .msg_iovlen = 1 };
    check(recvmsg(server, &message, MSG_WAITALL) == 7 && memcmp(a, "one two", 7) == 0, "recvmsg with MSG_WAITALL");

    check(send(client, "peeked", 6, 0) == 6 && ready(server, POLLIN, 5000) == POLLIN, "there is something to read");
    check(recv(server, a, 4, MSG_PEEK) == 4 && memcmp(a, "peek", 4) == 0, "MSG_PEEK shows it");
    int waiting = 0;
    check(ioctl(server, FIONREAD, &waiting) == 0 && waiting == 6, "FIONREAD counts it");
    check(ready(server, POLLIN, 0) == POLLIN, "poll() counts it too");
    check(recv(server, a, sizeof a, 0) == 6 && memcmp(a, "peeked", 6) == 0, "and it is still there");
    check(failed_with(recv(server, a, sizeof a, MSG_DONTWAIT), EAGAIN), "MSG_DONTWAIT does not wait for more");

    FILE *stream = fdopen(client, "r+");
    need(stream != NULL, "fdopen");
    fprintf(stream, "line %d\n", 1);
    check(fflush(stream) == 0 && recv(server, a, sizeof a, 0) == 7 && memcmp(a, "line 1\n", 7) == 0,
          "fprintf on a socket");
    send(server, "reply\nmore\n", 11, 0);
    check(fgets(a, sizeof a, stream) != NULL && strcmp(a, "reply\n") == 0, "fgets on a socket");
    check(fclose(stream) == 0 && recv(server, a, sizeof a, 0) <= 0, "fclose closes the socket");
    close(server);
}

/* More than any buffer holds, in one thread: writes and reads have to take turns. */
static void much(void)
{
    enum { TOTAL = 3 << 20 };
    int client, server;
    static char out[65536], in[65536];
    size_t sent = 0, got = 0;
    bool right = true;
    connected_pair(&client, &server);
    set_nonblocking(client);
    set_nonblocking(server);
    while (got < TOTAL) {
        struct pollfd polled[2] = { { .fd = client, .events = sent < TOTAL ? POLLOUT : 0 },
                                    { .fd = server, .events = POLLIN } };
        if (poll(polled, 2, 10000) <= 0)
            break;
        while (sent < TOTAL && (polled[0].revents & POLLOUT)) {
            for (size_t i = 0; i < sizeof out; i++)
                out[i] = (char)((sent + i) % 251);
            size_t size = TOTAL - sent < sizeof out ? TOTAL - sent : sizeof out;
            ssize_t more = send(client, out, size, 0);
            if (more < 0)
                break;
            sent += (size_t)more;
        }
        ssize_t more = recv(server, in, sizeof in, 0);
        for (ssize_t i = 0; i < more; i++)
            right = right && in[i] == (char)((got + (size_t)i) % 251);
        got += more > 0 ? (size_t)more : 0;
    }
    check(sent == TOTAL && got == TOTAL && right, "three megabytes arrive as they were sent");
    close(client);
    close(server);
}

static void version_six(void)
{
    struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT }, from;
    socklen_t length = sizeof address;
    char text[INET6_ADDRSTRLEN] = "";
    int listening = socket(AF_INET6, SOCK_STREAM, 0);
    if (listening < 0 || bind(listening, (struct sockaddr *)&address, sizeof address) != 0) {
        check(errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT || errno == EOPNOTSUPP, "there is no IPv6 here");
        return;
    }
    need(listen(listening, 1) == 0, "listen on IPv6");
    getsockname(listening, (struct sockaddr *)&address, &length);
    int client = socket(AF_INET6, SOCK_STREAM, 0);
    check(connect(client, (struct sockaddr *)&address, sizeof address) == 0, "connect over IPv6");
    length = sizeof from;
    int server = accept(listening, (struct sockaddr *)&from, &length);
    inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof text);
    check(server >= 0 && length == sizeof from && strcmp(text, "::1") == 0, "accept tells an IPv6 address");
    struct sockaddr_in four = loopback(1);
    check(failed_with(connect(socket(AF_INET6, SOCK_STREAM, 0), (struct sockaddr *)&four, sizeof four), EAFNOSUPPORT),
          "an IPv4 address on an IPv6 socket is EAFNOSUPPORT");
    close(server);
    close(client);
    close(listening);
}

int main(void)
{
    addresses();
    half_close();
    every_way();
    much();
    version_six();
    return summary();
}
