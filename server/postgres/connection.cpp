#include "postgres/connection.hpp"

#include <array>
#include <libpq-fe.h>
#include <map>
#include <memory>

namespace switchboard {
namespace {

class PostgresCategory : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "postgres"; }
    std::string message(int value) const override {
        switch (static_cast<PostgresError>(value)) {
            case PostgresError::unreachable:
                return "PostgreSQL cannot be reached";
            case PostgresError::locked:
                return "locked by somebody else";
            case PostgresError::failed:
                return "PostgreSQL refused the statement";
            case PostgresError::not_found:
                return "not found";
        }
        return "unknown";
    }
};

// A dead peer shows only when both kinds are set: keepalives for an idle connection, the user
// timeout for one with a question in flight.
constexpr std::array<std::pair<const char*, const char*>, 7> dead_peer_settings{{
    {"connect_timeout", "3"},
    {"keepalives", "1"},
    {"keepalives_idle", "2"},
    {"keepalives_interval", "1"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "3000"},
    {"client_encoding", "UTF8"},
}};

std::string quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

std::map<std::string, std::string> parse(const std::string& base) {
    char* error = nullptr;
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
        PQconninfoParse(base.c_str(), &error), PQconninfoFree);
    const std::unique_ptr<char, void (*)(void*)> message(error, PQfreemem);
    if (!parsed) throw std::invalid_argument("bad connection string");  // It may hold a password.

    std::map<std::string, std::string> words;
    for (const auto* option = parsed.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr) words[option->keyword] = option->val;
    }
    return words;
}

}  // namespace

error_code make_error_code(PostgresError error) {
    static const PostgresCategory category;
    return {static_cast<int>(error), category};
}

std::string connection_string(const std::string& base,
                              std::string_view application_name,
                              std::initializer_list<std::string_view> server_settings) {
    auto words = parse(base);
    for (const auto& [word, value] : dead_peer_settings)
        words.emplace(word, value);
    words["application_name"] = application_name;

    auto& options = words["options"];
    options += R"( -c default_transaction_isolation=read\ committed)";
    for (const auto setting : server_settings)
        options.append(" -c ").append(setting);

    std::string text;
    for (const auto& [word, value] : words)
        text += word + "=" + quoted(value) + " ";
    return text;
}

pqxx::connection& PostgresConnection::open() {
    if (connection_) return *connection_;
    try {
        connection_.emplace(connection_string_);
        quiet_ = std::make_unique<pqxx::quiet_errorhandler>(*connection_);
        if (set_up_) set_up_(*connection_);
    } catch (...) {
        drop();
        throw;
    }
    return *connection_;
}

void PostgresConnection::drop() {
    quiet_.reset();  // It leaves the connection's list.
    connection_.reset();
}

error_code postgres_error_now() {
    try {
        throw;
    } catch (const pqxx::sql_error& error) {
        const auto& state = error.sqlstate();
        if (state == "55P03") return PostgresError::locked;
        // 57P01..03: the server ends the connection; 08: it is broken already.
        if (state.starts_with("57P") || state.starts_with("08")) return PostgresError::unreachable;
        return PostgresError::failed;
    } catch (const pqxx::transaction_rollback&) {  // a deadlock: not an sql_error in libpqxx 6
        return PostgresError::failed;
    } catch (const pqxx::failure&) {
        return PostgresError::unreachable;
    }
}

}  // namespace switchboard
