/* poll() and select() over several sockets, and over sockets and standard streams together. */
#include "check.h"

enum { CLIENTS = 20 };

static void several(void)
{
    int listening = listener(), clients[CLIENTS], servers[CLIENTS];
    char text[16];
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = socket(AF_INET, SOCK_STREAM, 0);
        need(connect_to(clients[i], port_of(listening)) == 0, "connect");
        servers[i] = accept(listening, NULL, NULL);
        need(servers[i] >= 0, "accept");
    }
    struct pollfd polled[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        polled[i] = (struct pollfd){ .fd = servers[i], .events = POLLIN };
    check(poll(polled, CLIENTS, 50) == 0, "nobody has anything to say");
    send(clients[3], "three", 5, 0);
    check(poll(polled, CLIENTS, 5000) == 1 && polled[3].revents == POLLIN, "poll() finds the one that has");
    polled[0].events = POLLIN | POLLOUT;
    check(poll(polled, CLIENTS, 5000) == 2 && polled[0].revents == POLLOUT && polled[3].revents == POLLIN,
          "and another that can be written to");
    recv(servers[3], text, sizeof text, 0);
    close(clients[7]);
    polled[0].events = POLLIN;
    check(poll(polled, CLIENTS, 5000) == 1 && (polled[7].revents & POLLIN) && recv(servers[7], text, 1, 0) == 0,
          "the end of a stream can be read");
    shutdown(servers[7], SHUT_WR);
    check(ready(servers[7], POLLIN, 5000) & POLLHUP, "POLLHUP when both sides are done");

    /* Twice the same descriptor, one to be left out, and one that is closed. */
    int closed = socket(AF_INET, SOCK_STREAM, 0);
    close(closed);
    send(clients[5], "five", 4, 0);
    struct pollfd odd[4] = { { .fd = servers[5], .events = POLLIN },
                             { .fd = servers[5], .events = POLLIN },
                             { .fd = -1, .events = POLLIN, .revents = 77 },
                             { .fd = closed, .events = POLLIN } };
    need(ready(servers[5], POLLIN, 5000) == POLLIN, "data to read");
    check(poll(odd, 4, 5000) == 3 && odd[0].revents == POLLIN && odd[1].revents == POLLIN && odd[2].revents == 0 &&
              odd[3].revents == POLLNVAL, "one descriptor twice, a negative one, and a closed one");
    fd_set set;
    FD_ZERO(&set);
    FD_SET(closed, &set);
    struct timeval none = { 0 };
    check(failed_with(select(closed + 1, &set, NULL, NULL, &none), EBADF), "select() of a closed one is EBADF");

    fd_set readable, writable, exceptional;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_ZERO(&exceptional);
    int highest = 0;
    for (int i = 0; i < CLIENTS; i++) {
        FD_SET(servers[i], &readable);
        FD_SET(servers[i], &exceptional);
        highest = servers[i] > highest ? servers[i] : highest;
    }
    FD_SET(clients[1], &writable);
    highest = clients[1] > highest ? clients[1] : highest;
    FD_CLR(servers[7], &readable);
    check(select(highest + 1, &readable, &writable, &exceptional, NULL) == 2 && FD_ISSET(servers[5], &readable) &&
              FD_ISSET(clients[1], &writable) && !FD_ISSET(servers[6], &readable) &&
              !FD_ISSET(servers[5], &exceptional), "select() leaves those in the sets that are ready");

    for (int i = 0; i < CLIENTS; i++) {
        close(servers[i]);
        if (i != 7)
            close(clients[i]);
    }
    close(listening);
}

static void with_standard_streams(void)
{
    int client, server;
    connected_pair(&client, &server);
    /* Standard input may be a terminal, a file or nothing; what counts is that it does not get in the way. */
    struct pollfd polled[3] = { { .fd = server, .events = POLLIN },
                                { .fd = STDOUT_FILENO, .events = POLLOUT },
                                { .fd = STDIN_FILENO, .events = POLLIN } };
    check(poll(polled, 2, 5000) == 1 && polled[0].revents == 0 && (polled[1].revents & POLLOUT),
          "standard output can be written to, the socket has nothing");
    send(client, "x", 1, 0);
    need(ready(server, POLLIN, 5000) == POLLIN, "data to read");
    check(poll(polled, 3, 5000) >= 2 && polled[0].revents == POLLIN && (polled[1].revents & POLLOUT),
          "with standard input, output and the socket");
    polled[1].fd = -1;
    check(poll(polled, 3, 5000) >= 1 && polled[0].revents == POLLIN, "with standard input and the socket");
    char byte;
    recv(server, &byte, 1, 0);
    int64_t start = milliseconds();
    int count = poll(polled, 3, 100);
    check((count == 0 && milliseconds() - start >= 90) || (count == 1 && polled[2].revents != 0),
          "waiting for standard input or the socket, until the timeout");
    close(client);
    close(server);
}

int main(void)
{
    several();
    with_standard_streams();
    return summary();
}
