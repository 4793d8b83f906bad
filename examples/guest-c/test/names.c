/* getaddrinfo() and its relatives. */
#include "check.h"

/* The first address as text, or the error's name. */
static const char *first(const char *node, const char *service, int family, int flags)
{
    static char text[NI_MAXHOST + NI_MAXSERV + 1];
    char host[NI_MAXHOST], port[NI_MAXSERV];
    struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = flags }, *list = NULL;
    int error = getaddrinfo(node, service, &hints, &list);
    if (error != 0) {
        snprintf(text, sizeof text, "error %d", error);
        return text;
    }
    getnameinfo(list->ai_addr, list->ai_addrlen, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(text, sizeof text, "%s %s", host, port);
    freeaddrinfo(list);
    return text;
}

static bool is(const char *got, const char *expected)
{
    if (strcmp(got, expected) == 0)
        return true;
    printf("# %s, not %s\n", got, expected);
    return false;
}

static bool is_error(const char *got, int code)
{
    char expected[32];
    snprintf(expected, sizeof expected, "error %d", code);
    return is(got, expected);
}

int main(void)
{
    struct addrinfo *list = NULL;
    check(is(first("127.0.0.1", "80", AF_UNSPEC, 0), "127.0.0.1 80"), "an IPv4 literal");
    check(is(first("::1", "8080", AF_UNSPEC, 0), "::1 8080"), "an IPv6 literal");
    check(is(first("2001:db8:0:0:1::ff", "0", AF_UNSPEC, AI_NUMERICHOST), "2001:db8::1:0:0:ff 0"), "a longer one");
    check(is(first("fe80::1%7", "1", AF_UNSPEC, 0), "fe80::1%7 1"), "with the number of an interface");
    check(is(first("127.0.0.1", "https", AF_INET, 0), "127.0.0.1 443"), "a well-known service");
    check(is(first(NULL, "7", AF_INET, 0), "127.0.0.1 7"), "no name is this host");
    check(is(first(NULL, "7", AF_INET, AI_PASSIVE), "0.0.0.0 7"), "or any address, to listen on");
    check(is(first(NULL, "7", AF_INET6, AI_PASSIVE), ":: 7"), "also for IPv6");
    check(is(first("localhost", "9", AF_INET, 0), "127.0.0.1 9"), "localhost");

    check(is_error(first("::1", "1", AF_INET, 0), EAI_NONAME), "an IPv6 literal is no IPv4 address");
    check(is_error(first("localhost", "1", AF_UNSPEC, AI_NUMERICHOST), EAI_NONAME), "a name is no literal");
    check(is_error(first("127.0.0.1", "no-service", AF_UNSPEC, 0), EAI_SERVICE), "an unknown service");
    check(is_error(first("127.0.0.1", "http", AF_UNSPEC, AI_NUMERICSERV), EAI_NONAME), "a service is no number");
    check(is_error(first(NULL, NULL, AF_UNSPEC, 0), EAI_NONAME), "neither name nor service");
    check(is_error(first("a", "1", 99, 0), EAI_FAMILY), "an unknown family");
    check(is_error(first("a", "1", AF_UNSPEC, 1 << 20), EAI_BADFLAGS), "unknown flags");
    check(is_error(first("", "1", AF_UNSPEC, 0), EAI_NONAME), "an empty name");
    check(is_error(first("127.0.0.1:80", "1", AF_UNSPEC, 0), EAI_NONAME), "a port does not belong to the name");
    check(is_error(first("a.b<&>", "1", AF_UNSPEC, 0), EAI_NONAME), "nor does punctuation");

    /* Which of them depends on whether there is a name server to ask. */
    int error = getaddrinfo("no-such-name.invalid", "1", NULL, &list);
    check(error == EAI_NONAME || error == EAI_AGAIN || error == EAI_FAIL, "an unknown name fails");
    check(strlen(gai_strerror(error)) > 0 && strcmp(gai_strerror(error), gai_strerror(0)) != 0, "and there are words for it");

    struct addrinfo hints = { .ai_family = AF_INET, .ai_flags = AI_CANONNAME };
    check(getaddrinfo("127.0.0.1", "5", &hints, &list) == 0 && list->ai_canonname != NULL &&
              strcmp(list->ai_canonname, "127.0.0.1") == 0, "AI_CANONNAME");
    check(list->ai_next != NULL && list->ai_socktype != list->ai_next->ai_socktype && list->ai_next->ai_next == NULL,
          "without a type there is an entry for each");
    freeaddrinfo(list);

    char small[4], name[64];
    struct sockaddr_in address = loopback(4242);
    check(getnameinfo((struct sockaddr *)&address, sizeof address, small, sizeof small, NULL, 0, 0) == EAI_OVERFLOW,
          "getnameinfo needs room");
    check(getnameinfo((struct sockaddr *)&address, sizeof address, name, sizeof name, small, sizeof small, 0) ==
              EAI_OVERFLOW, "for the port too");
    check(getnameinfo((struct sockaddr *)&address, sizeof address, name, sizeof name, NULL, 0, NI_NAMEREQD) ==
              EAI_NONAME, "getnameinfo knows numbers only");
    struct in6_addr six;
    check(inet_pton(AF_INET6, "::ffff:1.2.3.4", &six) == 1 && IN6_IS_ADDR_V4MAPPED(&six) &&
              is(inet_ntop(AF_INET6, &six, name, sizeof name), "::ffff:1.2.3.4"), "inet_pton and inet_ntop");
    check(inet_pton(AF_INET, "1.2.3", &six) == 0, "three numbers are no address");
    return summary();
}
