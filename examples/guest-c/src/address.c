/* Between struct sockaddr, the flattened ip-socket-address of parameters, and the one in memory of results. */
#include "descriptors.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

int wittle_flatten(const struct sockaddr *address, socklen_t length, int family, struct flat_address *flat)
{
    memset(flat, 0, sizeof *flat);
    if (address == NULL)
        return EFAULT;
    if (length < sizeof(sa_family_t))
        return EINVAL;
    if (address->sa_family != family)
        return EAFNOSUPPORT;
    if (family == AF_INET) {
        struct sockaddr_in in;
        if (length < sizeof in)
            return EINVAL;
        memcpy(&in, address, sizeof in);
        const uint8_t *bytes = (const uint8_t *)&in.sin_addr;
        flat->at[0] = WASI_IPV4;
        flat->at[1] = ntohs(in.sin_port);
        for (int i = 0; i < 4; i++)
            flat->at[2 + i] = bytes[i];
    } else {
        struct sockaddr_in6 in;
        if (length < sizeof in)
            return EINVAL;
        memcpy(&in, address, sizeof in);
        const uint8_t *bytes = in.sin6_addr.s6_addr;
        flat->at[0] = WASI_IPV6;
        flat->at[1] = ntohs(in.sin6_port);
        flat->at[2] = (int32_t)in.sin6_flowinfo;
        for (int i = 0; i < 8; i++)
            flat->at[3 + i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
        flat->at[11] = (int32_t)in.sin6_scope_id;
    }
    return 0;
}

void wittle_flatten_any(int family, struct flat_address *flat)
{
    memset(flat, 0, sizeof *flat);
    flat->at[0] = family == AF_INET6 ? WASI_IPV6 : WASI_IPV4;
}

bool wittle_flat_equal(const struct flat_address *a, const struct flat_address *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void store(const void *from, socklen_t size, struct sockaddr *to, socklen_t *length)
{
    if (to == NULL || length == NULL)
        return;
    memcpy(to, from, size < *length ? size : *length);
    *length = size;
}

void wittle_store_address(const struct wasi_socket_address *from, struct sockaddr *to, socklen_t *length)
{
    if (from->family == WASI_IPV4) {
        struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(from->ipv4.port) };
        memcpy(&in.sin_addr, from->ipv4.address, sizeof in.sin_addr);
        store(&in, sizeof in, to, length);
    } else {
        struct sockaddr_in6 in = {
            .sin6_family = AF_INET6,
            .sin6_port = htons(from->ipv6.port),
            .sin6_flowinfo = from->ipv6.flow_info,
            .sin6_scope_id = from->ipv6.scope_id,
        };
        for (int i = 0; i < 8; i++) {
            in.sin6_addr.s6_addr[2 * i] = from->ipv6.address[i] >> 8;
            in.sin6_addr.s6_addr[2 * i + 1] = from->ipv6.address[i] & 0xff;
        }
        store(&in, sizeof in, to, length);
    }
}

void wittle_store_any(int family, struct sockaddr *to, socklen_t *length)
{
    struct wasi_socket_address any;
    memset(&any, 0, sizeof any);
    any.family = family == AF_INET6 ? WASI_IPV6 : WASI_IPV4;
    wittle_store_address(&any, to, length);
}
