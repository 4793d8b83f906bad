/* Names: getaddrinfo(), getnameinfo() and what belongs to them. */
#include "descriptors.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An address and its list entry are one block of memory. */
struct entry {
    struct addrinfo info;
    union {
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } address;
};

/* The list being built, and what every entry of it gets. */
struct answer {
    struct addrinfo *first;
    struct addrinfo **end;
    const struct addrinfo *hints;
    in_port_t port; /* network byte order */
};

/* ---- services ---- */

/* There is no services database; these are the names that programs commonly spell out. */
static const struct {
    const char *name;
    uint16_t port;
} services[] = {
    { "echo", 7 }, { "discard", 9 }, { "ftp", 21 }, { "ssh", 22 }, { "telnet", 23 },
    { "smtp", 25 }, { "domain", 53 }, { "http", 80 }, { "ntp", 123 }, { "https", 443 },
};

static int find_service(const char *service, int flags, in_port_t *port)
{
    *port = 0;
    if (service == NULL)
        return 0;
    uint32_t number = 0;
    const char *at = service;
    while (*at >= '0' && *at <= '9' && number <= UINT16_MAX)
        number = number * 10 + (uint32_t)(*at++ - '0');
    if (at != service && *at == '\0' && number <= UINT16_MAX) {
        *port = htons((uint16_t)number);
        return 0;
    }
    if (flags & AI_NUMERICSERV)
        return EAI_NONAME;
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (strcmp(services[i].name, service) == 0) {
            *port = htons(services[i].port);
            return 0;
        }
    }
    return EAI_SERVICE;
}

/* ---- entries ---- */

static int add(struct answer *answer, int family, const void *address, uint32_t scope, int type, int protocol)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL)
        return EAI_MEMORY;
    if (family == AF_INET) {
        entry->address.in.sin_family = AF_INET;
        entry->address.in.sin_port = answer->port;
        memcpy(&entry->address.in.sin_addr, address, sizeof entry->address.in.sin_addr);
        entry->info.ai_addrlen = sizeof entry->address.in;
    } else {
        entry->address.in6.sin6_family = AF_INET6;
        entry->address.in6.sin6_port = answer->port;
        entry->address.in6.sin6_scope_id = scope;
        memcpy(&entry->address.in6.sin6_addr, address, sizeof entry->address.in6.sin6_addr);
        entry->info.ai_addrlen = sizeof entry->address.in6;
    }
    entry->info.ai_addr = (struct sockaddr *)&entry->address;
    entry->info.ai_family = family;
    entry->info.ai_socktype = type;
    entry->info.ai_protocol = protocol;
    *answer->end = &entry->info;
    answer->end = &entry->info.ai_next;
    return 0;
}

/* One entry a socket type that was asked for. */
static int add_types(struct answer *answer, int family, const void *address, uint32_t scope)
{
    const struct addrinfo *hints = answer->hints;
    int error = 0;
    if (hints->ai_family != AF_UNSPEC && hints->ai_family != family)
        return 0;
    if ((hints->ai_socktype == 0 || hints->ai_socktype == SOCK_STREAM) &&
        (hints->ai_protocol == 0 || hints->ai_protocol == IPPROTO_TCP))
        error = add(answer, family, address, scope, SOCK_STREAM, IPPROTO_TCP);
    if (error == 0 && (hints->ai_socktype == 0 || hints->ai_socktype == SOCK_DGRAM) &&
        (hints->ai_protocol == 0 || hints->ai_protocol == IPPROTO_UDP))
        error = add(answer, family, address, scope, SOCK_DGRAM, IPPROTO_UDP);
    return error;
}

/* Without a name: any address to listen on, or this host to connect to. */
static int add_local(struct answer *answer)
{
    bool any = (answer->hints->ai_flags & AI_PASSIVE) != 0;
    struct in_addr in = { htonl(any ? INADDR_ANY : INADDR_LOOPBACK) };
    int error = add_types(answer, AF_INET, &in, 0);
    return error != 0 ? error : add_types(answer, AF_INET6, any ? &in6addr_any : &in6addr_loopback, 0);
}

/* Literals are understood here, so they need no permission to look up names. Says whether it was one. */
static bool add_literal(struct answer *answer, const char *node, int *error)
{
    struct in_addr in;
    struct in6_addr in6;
    if (inet_pton(AF_INET, node, &in) == 1) {
        *error = add_types(answer, AF_INET, &in, 0);
        return true;
    }
    /* An IPv6 address may be followed by the number of an interface, fe80::1%2. */
    char text[INET6_ADDRSTRLEN];
    size_t length = strcspn(node, "%");
    unsigned long scope = 0;
    if (length >= sizeof text)
        return false;
    memcpy(text, node, length);
    text[length] = '\0';
    if (node[length] == '%') {
        char *end;
        scope = strtoul(node + length + 1, &end, 10);
        if (end == node + length + 1 || *end != '\0')
            return false;
    }
    if (inet_pton(AF_INET6, text, &in6) != 1)
        return false;
    *error = add_types(answer, AF_INET6, &in6, (uint32_t)scope);
    return true;
}

/* ---- asking the host ---- */

static int lookup_error(uint8_t code)
{
    switch (code) {
    case WASI_NAME_UNRESOLVABLE:
    case WASI_INVALID_ARGUMENT:
        return EAI_NONAME;
    case WASI_TEMPORARY_RESOLVER_FAILURE:
        return EAI_AGAIN;
    case WASI_PERMANENT_RESOLVER_FAILURE:
        return EAI_FAIL;
    case WASI_OUT_OF_MEMORY:
        return EAI_MEMORY;
    default:
        errno = wittle_errno(code);
        return EAI_SYSTEM;
    }
}

static int add_resolved(struct answer *answer, const struct wasi_ip_address *address)
{
    if (address->family == WASI_IPV4)
        return add_types(answer, AF_INET, address->ipv4, 0);
    struct in6_addr in6;
    for (int i = 0; i < 8; i++) {
        in6.s6_addr[2 * i] = address->ipv6[i] >> 8;
        in6.s6_addr[2 * i + 1] = address->ipv6[i] & 0xff;
    }
    return add_types(answer, AF_INET6, &in6, 0);
}

static int resolve(struct answer *answer, const char *node)
{
    struct result_handles started;
    wasi_resolve(wittle_network(), node, strlen(node), &started);
    if (started.is_error)
        return lookup_error(started.error);
    handle stream = started.value[0];
    handle ready = NO_HANDLE;
    int error = 0;
    while (error == 0) {
        struct result_next_address next;
        wasi_resolve_next(stream, &next);
        if (!next.is_error && !next.value.is_some)
            break;
        if (!next.is_error) {
            error = add_resolved(answer, &next.value.address);
        } else if (next.error != WASI_WOULD_BLOCK) {
            error = lookup_error(next.error);
        } else {
            if (ready == NO_HANDLE)
                ready = wasi_resolve_subscribe(stream);
            wasi_pollable_block(ready);
        }
    }
    if (ready != NO_HANDLE)
        wasi_pollable_drop(ready);
    wasi_resolve_drop(stream);
    return error;
}

/* ---- the functions of <netdb.h> ---- */

int getaddrinfo(const char *restrict node, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict result)
{
    static const struct addrinfo no_hints = { .ai_family = AF_UNSPEC };
    struct answer answer = { .hints = hints != NULL ? hints : &no_hints };
    answer.end = &answer.first;
    const int known = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG |
                      AI_NUMERICSERV;
    int flags = answer.hints->ai_flags;
    int family = answer.hints->ai_family;
    int type = answer.hints->ai_socktype;

    if (node == NULL && service == NULL)
        return EAI_NONAME;
    if (flags & ~known || ((flags & AI_CANONNAME) && node == NULL))
        return EAI_BADFLAGS;
    if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6)
        return EAI_FAMILY;
    if (type != 0 && type != SOCK_STREAM && type != SOCK_DGRAM)
        return EAI_SOCKTYPE;
    int error = find_service(service, flags, &answer.port);
    if (error != 0)
        return error;

    if (node == NULL)
        error = add_local(&answer);
    else if (!add_literal(&answer, node, &error))
        error = flags & AI_NUMERICHOST ? EAI_NONAME : resolve(&answer, node);
    if (error == 0 && answer.first == NULL)
        error = EAI_NONAME; /* nothing in the family that was asked for */
    if (error == 0 && (flags & AI_CANONNAME)) {
        answer.first->ai_canonname = strdup(node);
        if (answer.first->ai_canonname == NULL)
            error = EAI_MEMORY;
    }
    if (error != 0) {
        freeaddrinfo(answer.first);
        return error;
    }
    *result = answer.first;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    while (list != NULL) {
        struct addrinfo *next = list->ai_next;
        free(list->ai_canonname);
        free(list);
        list = next;
    }
}

const char *gai_strerror(int code)
{
    switch (code) {
    case 0: return "no error";
    case EAI_BADFLAGS: return "unknown flags";
    case EAI_NONAME: return "no address for this name";
    case EAI_AGAIN: return "the name server does not answer for now";
    case EAI_FAIL: return "name lookup failed for good";
    case EAI_FAMILY: return "no such address family";
    case EAI_SOCKTYPE: return "no such socket type";
    case EAI_SERVICE: return "no such service";
    case EAI_MEMORY: return "out of memory";
    case EAI_SYSTEM: return "system error, see errno";
    case EAI_OVERFLOW: return "the buffer is too small";
    default: return "unknown error";
    }
}

/* Numbers only: the host has no way from an address back to a name. */
int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host, socklen_t host_size,
                char *restrict service, socklen_t service_size, int flags)
{
    char text[INET6_ADDRSTRLEN + sizeof "%4294967295"];
    in_port_t port;
    if (flags & NI_NAMEREQD)
        return EAI_NONAME;
    if (length >= sizeof(struct sockaddr_in) && address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        port = in->sin_port;
        inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
    } else if (length >= sizeof(struct sockaddr_in6) && address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
        port = in6->sin6_port;
        inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
        if (in6->sin6_scope_id != 0)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%%%u", in6->sin6_scope_id);
    } else {
        return EAI_FAMILY;
    }
    if (host != NULL && host_size > 0 && snprintf(host, host_size, "%s", text) >= (int)host_size)
        return EAI_OVERFLOW;
    if (service != NULL && service_size > 0 &&
        snprintf(service, service_size, "%u", (unsigned)ntohs(port)) >= (int)service_size)
        return EAI_OVERFLOW;
    return 0;
}
