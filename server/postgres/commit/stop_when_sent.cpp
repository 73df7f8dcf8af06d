#include <cstring>
#include <libpq-fe.h>
#include <poll.h>

#include "domain/stop_point.hpp"

// Part of switchboard_stoppable alone. libpqxx sends a statement and awaits its answer in one call
// of libpq; linked before libpq, this one takes its place and can stop between the two.
// NOLINTNEXTLINE(readability-function-size): the parameters are libpq's
extern "C" PGresult* PQexecPrepared(PGconn* connection,
                                    const char* statement,
                                    int parameters,
                                    const char* const* values,
                                    const int* lengths,
                                    const int* formats,
                                    int result_format) {
    if (PQsendQueryPrepared(
            connection, statement, parameters, values, lengths, formats, result_format) == 0)
        return nullptr;
    while (PQflush(connection) == 1) {
        pollfd socket{PQsocket(connection), POLLIN | POLLOUT, 0};
        poll(&socket, 1, -1);
        if ((socket.revents & POLLIN) != 0) PQconsumeInput(connection);
    }
    if (std::strcmp(statement, "commit") == 0)
        switchboard::stop_point(switchboard::StopPoint::sent);
    PGresult* last = nullptr;
    while (PGresult* result = PQgetResult(connection)) {
        PQclear(last);
        last = result;
    }
    return last;
}
