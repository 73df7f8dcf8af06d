#pragma once

#include <pqxx/pqxx>

namespace switchboard {

// A query that a connection prepares when it is first used there; the name says which it is.
struct Statement {
    const char* name;
    const char* text;
};

template <class... Arguments>
pqxx::result execute(pqxx::transaction_base& session,
                     const Statement& statement,
                     const Arguments&... arguments) {
    session.conn().prepare(statement.name, statement.text);  // the second time it does nothing
    return session.exec_prepared(statement.name, arguments...);
}

}  // namespace switchboard
