#pragma once

#include <memory>

#include "app/config.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): theirs
class App;
}  // namespace CLI

namespace switchboard {

// `tenant create`, `agent create` and `key create`: how the first of each come to be. Passwords are
// read from a file, or from standard input, where a terminal does not show them; never from an
// argument, which others on the machine could read. A key is printed once.
class AccountCommands {
public:
    // Declares them at `app`, which must outlive the parsing.
    explicit AccountCommands(CLI::App& app);
    ~AccountCommands();

    // Carries out the one that was asked for; false when none was. Says on standard output what it
    // did; throws std::exception with one line when it did not succeed.
    bool run(const Config& config) const;

private:
    struct Orders;
    std::unique_ptr<Orders> orders_;
};

}  // namespace switchboard
