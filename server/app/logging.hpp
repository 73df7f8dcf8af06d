#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace switchboard {

struct LogSettings {
    std::string level = "info";   // debug, info, warn, error
    std::string format = "auto";  // json, text; auto: text when standard output is a terminal
    std::string node;             // named in each line
};

// Lets every spdlog:: call of this process end on standard output, one line each, written by a
// thread of its own. When that falls 8192 lines behind the oldest are dropped, and counted.
// While it lives; one at a time, made and destroyed in main.
class Logging {
public:
    explicit Logging(const LogSettings& settings);
    ~Logging();  // writes what is queued

    Logging(const Logging&) = delete;
    Logging& operator=(const Logging&) = delete;

    // Lines dropped since the start. Any thread.
    std::uint64_t overrun() const;
};

struct LogLine {
    Time at;
    std::string_view level;
    std::string_view node;
    std::string_view message;  // any bytes; of more than 4 KiB only the beginning is written
};

// One JSON object without a line break: {"time":…,"level":…,"node":…,"msg":…}. What is not UTF-8 is
// read as Latin-1, so that it always parses.
std::string to_json_line(const LogLine& line);

// For a terminal, without what it would obey: control characters are written out.
std::string to_plain_line(const LogLine& line);

// "2026-01-31T23:59:59.123Z": RFC 3339, UTC.
std::string to_log_time(Time at);

}  // namespace switchboard
