#include "app/logging.hpp"

#include <spdlog/async.h>
#include <spdlog/fmt/chrono.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <unistd.h>
#include <utility>

#include "domain/text.hpp"

namespace switchboard {

namespace {

constexpr std::size_t lines_max = 8192;
constexpr std::size_t message_bytes_max = 4096;

using Render = std::string (*)(const LogLine&);

class LineFormatter : public spdlog::formatter {
public:
    LineFormatter(std::string node, Render render) : node_(std::move(node)), render_(render) {}

    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const auto level = spdlog::level::to_string_view(message.level);
        const LogLine line{
            .at = std::chrono::floor<std::chrono::microseconds>(message.time),
            .level = {level.data(), level.size()},
            .node = node_,
            .message = {message.payload.data(), message.payload.size()},
        };
        const std::string text = render_(line) + '\n';
        out.append(text.data(), text.data() + text.size());
    }

    std::unique_ptr<formatter> clone() const override {
        return std::make_unique<LineFormatter>(node_, render_);
    }

private:
    std::string node_;
    Render render_;
};

// The beginning of a long text, without a character that was cut in two.
std::string_view beginning(std::string_view text) {
    if (text.size() <= message_bytes_max) return text;
    text = text.substr(0, message_bytes_max);
    while (!text.empty() && (text.back() & 0xc0) == 0x80)
        text.remove_suffix(1);
    if (!text.empty() && (text.back() & 0x80) != 0) text.remove_suffix(1);
    return text;
}

// Writes out ASCII's controls, C1's and, in what is not UTF-8, every byte above ASCII.
std::string escaped(std::string_view text, bool quotes) {
    text = beginning(text);
    const bool is_utf8 = is_storable_text(text);
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool is_c1 =
            byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (quotes && (byte == '"' || byte == '\\')) {
            out += '\\';
            out += text[i];
        } else if (is_utf8 && is_c1) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[++i]));
        } else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !is_utf8)) {
            out += fmt::format("\\u{:04x}", byte);
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace

Logging::Logging(const LogSettings& settings) {
    const bool is_text =
        settings.format == "text" || (settings.format == "auto" && isatty(STDOUT_FILENO) != 0);
    spdlog::init_thread_pool(lines_max, 1);
    auto logger =
        std::make_shared<spdlog::async_logger>("switchboard",
                                               std::make_shared<spdlog::sinks::stdout_sink_mt>(),
                                               spdlog::thread_pool(),
                                               spdlog::async_overflow_policy::overrun_oldest);
    logger->set_formatter(
        std::make_unique<LineFormatter>(settings.node, is_text ? &to_plain_line : &to_json_line));
    logger->set_level(spdlog::level::from_str(settings.level));
    logger->flush_on(spdlog::level::warn);
    spdlog::set_default_logger(std::move(logger));
    spdlog::flush_every(std::chrono::seconds(1));
}

Logging::~Logging() { spdlog::shutdown(); }

std::uint64_t Logging::overrun() const { return spdlog::thread_pool()->overrun_counter(); }

std::string to_json_line(const LogLine& line) {
    return fmt::format(R"({{"time":"{}","level":"{}","node":"{}","msg":"{}"}})",
                       to_log_time(line.at),
                       line.level,
                       escaped(line.node, true),
                       escaped(line.message, true));
}

std::string to_plain_line(const LogLine& line) {
    return fmt::format("{} {:7} {}",
                       to_log_time(line.at).substr(11, 12),
                       line.level,
                       escaped(line.message, false));
}

std::string to_log_time(Time at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at - seconds).count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                       ms);
}

}  // namespace switchboard
