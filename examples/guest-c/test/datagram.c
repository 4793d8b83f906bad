/* Datagrams: to anyone, to one peer, empty, cut off, refused. */
#include "check.h"

static bool send_to(int fd, uint16_t port, const char *text)
{
    struct sockaddr_in address = loopback(port);
    return sendto(fd, text, strlen(text), 0, (struct sockaddr *)&address, sizeof address) == (ssize_t)strlen(text);
}

/* Receives one within five seconds and compares. */
static bool receives(int fd, const char *text)
{
    char buffer[64];
    if (!(ready(fd, POLLIN, 5000) & POLLIN))
        return false;
    ssize_t received = recv(fd, buffer, sizeof buffer, 0);
    return received == (ssize_t)strlen(text) && memcmp(buffer, text, strlen(text)) == 0;
}

/* Datagrams may get lost, and then nobody should wait for ever. */
static int patient(int fd)
{
    struct timeval five = { .tv_sec = 5 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &five, sizeof five);
    return fd;
}

/* Bound to a port by its number: some systems take back a port that they chose themselves when a peer is given up. */
static int bound_by_number(void)
{
    int any = bound(SOCK_DGRAM);
    struct sockaddr_in address = loopback(port_of(any));
    close(any);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    need(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind to a port that was free a moment ago");
    return fd;
}

int main(void)
{
    int a = patient(bound(SOCK_DGRAM)), b = patient(bound_by_number()), stranger = patient(bound(SOCK_DGRAM));
    char buffer[64];
    struct sockaddr_in from;
    socklen_t length = sizeof from;

    check(send_to(a, port_of(b), "first") && send_to(a, port_of(b), "second"), "sendto");
    ready(b, POLLIN, 5000);
    check(recvfrom(b, buffer, sizeof buffer, MSG_PEEK, (struct sockaddr *)&from, &length) == 5, "MSG_PEEK");
    length = sizeof from;
    check(recvfrom(b, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length) == 5 &&
              memcmp(buffer, "first", 5) == 0 && ntohs(from.sin_port) == port_of(a) && length == sizeof from,
          "recvfrom tells the sender");
    check(receives(b, "second"), "in order");
    check(failed_with(send(a, "x", 1, 0), EDESTADDRREQ), "sending to nobody is EDESTADDRREQ");
    check(failed_with(recv(b, buffer, sizeof buffer, MSG_DONTWAIT), EAGAIN), "nothing more, and not waiting, is EAGAIN");

    check(send_to(a, port_of(b), ""), "an empty datagram is sent");
    check(receives(b, ""), "and received");
    check(send_to(a, port_of(b), "cut off here"), "a long datagram");
    struct iovec parts[2] = { { buffer, 3 }, { buffer + 3, 4 } };
    struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = parts, .msg_iovlen = 2 };
    ready(b, POLLIN, 5000);
    check(recvmsg(b, &message, 0) == 7 && memcmp(buffer, "cut off", 7) == 0 && (message.msg_flags & MSG_TRUNC),
          "recvmsg fills its parts and says that the rest is lost");
    parts[0] = (struct iovec){ "two ", 4 };
    parts[1] = (struct iovec){ "parts", 5 };
    from = loopback(port_of(b));
    message = (struct msghdr){ .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = parts, .msg_iovlen = 2 };
    check(sendmsg(a, &message, 0) == 9 && receives(b, "two parts"), "sendmsg joins its parts");
    static char huge[70000];
    from = loopback(port_of(b));
    check(failed_with(sendto(a, huge, sizeof huge, 0, (struct sockaddr *)&from, sizeof from), EMSGSIZE),
          "more than a datagram holds is EMSGSIZE");

    check(connect_to(a, port_of(b)) == 0 && connect_to(b, port_of(a)) == 0, "connect both ways");
    length = sizeof from;
    check(getpeername(a, (struct sockaddr *)&from, &length) == 0 && ntohs(from.sin_port) == port_of(b),
          "getpeername tells the peer");
    check(send(a, "ping", 4, 0) == 4 && receives(b, "ping"), "one way");
    check(send(b, "pong", 4, 0) == 4 && receives(a, "pong"), "and the other");
    check(write(a, "written", 7) == 7 && ready(b, POLLIN, 5000) && read(b, buffer, sizeof buffer) == 7, "write and read");
    check(send_to(stranger, port_of(b), "stranger") && send(a, "friend", 6, 0) == 6 && receives(b, "friend"),
          "only the peer's datagrams are received");
    from = loopback(port_of(stranger));
    check(failed_with(sendto(a, "x", 1, 0, (struct sockaddr *)&from, sizeof from), EISCONN),
          "another destination is EISCONN");
    check(send_to(a, port_of(b), "same") && receives(b, "same"), "the peer as destination is fine");

    struct sockaddr none = { .sa_family = AF_UNSPEC };
    uint16_t port = port_of(b);
    check(connect(b, &none, sizeof none) == 0 && port_of(b) == port, "dissolve the association, keep the port");
    length = sizeof from;
    check(failed_with(getpeername(b, (struct sockaddr *)&from, &length), ENOTCONN), "then there is no peer");
    bool heard = send_to(stranger, port, "anyone");
    for (int i = 0; heard && i < 3; i++) { /* what the stranger sent before may have been kept */
        memset(buffer, 0, sizeof buffer);
        heard = (ready(b, POLLIN, 5000) & POLLIN) && recv(b, buffer, sizeof buffer, 0) >= 0;
        if (strncmp(buffer, "anyone", 6) == 0)
            break;
    }
    check(heard && strncmp(buffer, "anyone", 6) == 0, "and anyone is heard again");

    int fresh = socket(AF_INET, SOCK_DGRAM, 0);
    check(ready(fresh, POLLOUT, 1000) == POLLOUT, "an unbound socket can be sent from");
    check(send_to(fresh, port, "implicit") && port_of(fresh) != 0 && receives(b, "implicit"),
          "sending binds to a free port");
    close(fresh);
    check(failed_with(listen(b, 1), EOPNOTSUPP), "datagram sockets do not listen");

    /* Its own port was free after close, so the peer's host answers that nobody is there. */
    uint16_t gone = port_of(stranger);
    close(stranger);
    check(connect_to(b, gone) == 0, "connect to a port that is closed now");
    set_nonblocking(b);
    ssize_t result = send(b, "x", 1, 0);
    if (result == 1 && (ready(b, POLLIN, 2000) & (POLLIN | POLLERR)))
        result = recv(b, buffer, sizeof buffer, 0);
    check(result == 1 || failed_with(result, ECONNREFUSED) || failed_with(result, ECONNRESET) ||
              failed_with(result, EAGAIN), "nobody there is refused or silence, not a crash");
    close(a);
    close(b);
    return summary();
}
