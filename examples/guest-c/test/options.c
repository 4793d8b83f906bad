/* getsockopt() and setsockopt(). */
#include "check.h"

#include <netinet/tcp.h>

static int get(int fd, int level, int option)
{
    int value = -1;
    socklen_t length = sizeof value;
    return getsockopt(fd, level, option, &value, &length) == 0 && length == sizeof value ? value : -1;
}

static int set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value);
}

/* Set and read back; a host that cannot apply an option may say so, but may not pretend. */
static void number(int fd, int level, int option, int value, const char *what)
{
    int result = set(fd, level, option, value);
    check(failed_with(result, EOPNOTSUPP) || (result == 0 && get(fd, level, option) == value), what);
}

int main(void)
{
    int tcp = bound(SOCK_STREAM), udp = bound(SOCK_DGRAM);
    check(get(tcp, SOL_SOCKET, SO_TYPE) == SOCK_STREAM && get(udp, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM, "SO_TYPE");
    check(get(tcp, SOL_SOCKET, SO_DOMAIN) == AF_INET && get(udp, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_UDP,
          "SO_DOMAIN and SO_PROTOCOL");
    check(get(tcp, SOL_SOCKET, SO_ACCEPTCONN) == 0, "SO_ACCEPTCONN before listen");
    check(set(tcp, SOL_SOCKET, SO_REUSEADDR, 1) == 0 && get(tcp, SOL_SOCKET, SO_REUSEADDR) == 1, "SO_REUSEADDR");
    check(get(tcp, SOL_SOCKET, SO_ERROR) == 0, "SO_ERROR");
    check(set(tcp, IPPROTO_TCP, TCP_NODELAY, 1) == 0, "TCP_NODELAY");

    check(get(tcp, SOL_SOCKET, SO_KEEPALIVE) == 0, "SO_KEEPALIVE is off");
    number(tcp, SOL_SOCKET, SO_KEEPALIVE, 1, "SO_KEEPALIVE");
    check(get(tcp, IPPROTO_TCP, TCP_KEEPIDLE) > 0 && get(tcp, IPPROTO_TCP, TCP_KEEPINTVL) > 0 &&
              get(tcp, IPPROTO_TCP, TCP_KEEPCNT) > 0, "keep-alive has times");
    number(tcp, IPPROTO_TCP, TCP_KEEPIDLE, 42, "TCP_KEEPIDLE");
    number(tcp, IPPROTO_TCP, TCP_KEEPINTVL, 7, "TCP_KEEPINTVL");
    number(tcp, IPPROTO_TCP, TCP_KEEPCNT, 3, "TCP_KEEPCNT");
    check(failed_with(set(tcp, IPPROTO_TCP, TCP_KEEPIDLE, 0), EINVAL) || errno == EOPNOTSUPP, "no time is EINVAL");
    check(failed_with(set(tcp, IPPROTO_TCP, TCP_KEEPIDLE, -1), EINVAL), "less is EINVAL");

    check(get(tcp, SOL_SOCKET, SO_RCVBUF) > 0 && get(tcp, SOL_SOCKET, SO_SNDBUF) > 0 &&
              get(udp, SOL_SOCKET, SO_RCVBUF) > 0 && get(udp, SOL_SOCKET, SO_SNDBUF) > 0, "buffers have sizes");
    check(set(tcp, SOL_SOCKET, SO_RCVBUF, 65536) == 0 && get(tcp, SOL_SOCKET, SO_RCVBUF) > 0, "SO_RCVBUF (TCP)");
    check(set(tcp, SOL_SOCKET, SO_SNDBUF, 65536) == 0 && get(tcp, SOL_SOCKET, SO_SNDBUF) > 0, "SO_SNDBUF (TCP)");
    check(set(udp, SOL_SOCKET, SO_RCVBUF, 65536) == 0 && get(udp, SOL_SOCKET, SO_RCVBUF) > 0, "SO_RCVBUF (UDP)");
    check(set(udp, SOL_SOCKET, SO_SNDBUF, 65536) == 0 && get(udp, SOL_SOCKET, SO_SNDBUF) > 0, "SO_SNDBUF (UDP)");

    check(get(tcp, IPPROTO_IP, IP_TTL) > 0 && get(udp, IPPROTO_IP, IP_TTL) > 0, "there is a hop limit");
    number(tcp, IPPROTO_IP, IP_TTL, 33, "IP_TTL (TCP)");
    number(udp, IPPROTO_IP, IP_TTL, 44, "IP_TTL (UDP)");
    check(failed_with(set(udp, IPPROTO_IP, IP_TTL, 256), EINVAL), "256 hops are EINVAL");
    check(failed_with(set(udp, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9), ENOPROTOOPT), "IPv6 options are not for IPv4");

    int six = socket(AF_INET6, SOCK_STREAM, 0), six_udp = socket(AF_INET6, SOCK_DGRAM, 0);
    if (six >= 0 && six_udp >= 0) {
        check(get(six, IPPROTO_IPV6, IPV6_V6ONLY) == 1 && set(six, IPPROTO_IPV6, IPV6_V6ONLY, 1) == 0, "IPV6_V6ONLY");
        check(failed_with(set(six, IPPROTO_IPV6, IPV6_V6ONLY, 0), EOPNOTSUPP), "there is no dual stack");
        number(six, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 55, "IPV6_UNICAST_HOPS (TCP)");
        number(six_udp, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 66, "IPV6_UNICAST_HOPS (UDP)");
    }
    check(failed_with(set(tcp, SOL_SOCKET, 9999, 1), ENOPROTOOPT) && failed_with(get(tcp, 9999, 1), ENOPROTOOPT),
          "an unknown option is ENOPROTOOPT");
    check(failed_with(setsockopt(tcp, SOL_SOCKET, SO_KEEPALIVE, "", 1), EINVAL), "a short value is EINVAL");

    need(listen(tcp, 4) == 0, "listen");
    check(get(tcp, SOL_SOCKET, SO_ACCEPTCONN) == 1, "SO_ACCEPTCONN after listen");
    check(listen(tcp, 8) == 0, "listening again changes the backlog");
    int client = socket(AF_INET, SOCK_STREAM, 0);
    need(connect_to(client, port_of(tcp)) == 0, "connect");
    int server = accept(tcp, NULL, NULL);
    check(server >= 0 && get(server, SOL_SOCKET, SO_KEEPALIVE) == get(tcp, SOL_SOCKET, SO_KEEPALIVE),
          "an accepted socket inherits");
    number(client, SOL_SOCKET, SO_KEEPALIVE, 1, "options of a connected socket");
    close(server);
    close(client);
    close(tcp);
    close(udp);
    close(six);
    close(six_udp);
    return summary();
}
