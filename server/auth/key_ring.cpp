#include "auth/key_ring.hpp"

#include <sodium.h>

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace switchboard {
namespace {

constexpr std::size_t file_bytes_max = 64 << 10;

class KeyRingCategory final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "key ring"; }

    std::string message(int value) const override {
        switch (static_cast<KeyRingError>(value)) {
            case KeyRingError::unreadable:
                return "the file of keys cannot be read";
            case KeyRingError::open_to_others:
                return "the file of keys is open to everybody";
            case KeyRingError::malformed:
                return "the file of keys has a line that is not a key";
            case KeyRingError::too_short:
                return "a secret has less than 32 bytes";
            case KeyRingError::example:
                return "a secret is the one of the documentation";
        }
        return "unknown";
    }
};

const KeyRingCategory key_ring_category;

// Closes at the end of the scope.
class Descriptor {
public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    int value() const { return value_; }

private:
    int value_;
};

// Overwrites a text at the end of the scope. Over its whole capacity: it may have been longer.
class Wiped {
public:
    explicit Wiped(std::string& text) : text_(text) {}
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() {
        text_.resize(text_.capacity());
        sodium_memzero(text_.data(), text_.size());
    }

private:
    std::string& text_;
};

bool is_kid(std::string_view text) {
    return !text.empty() && text.size() <= KeyRing::kid_bytes_max &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == text.npos;
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

Result<KeyRing::Key> parse_key(std::string_view line) {
    const std::size_t gap = line.find(' ');
    if (gap == line.npos) return KeyRingError::malformed;
    const std::string_view kid = line.substr(0, gap);
    const std::string_view secret = line.substr(gap + 1);
    if (!is_kid(kid) || !is_printable(secret)) return KeyRingError::malformed;
    if (secret.size() < KeyRing::secret_bytes_min) return KeyRingError::too_short;
    if (secret == KeyRing::example_secret) return KeyRingError::example;
    return KeyRing::Key{std::string(kid), std::string(secret)};
}

}  // namespace

error_code make_error_code(KeyRingError error) {
    return {static_cast<int>(error), key_ring_category};
}

Result<KeyRing> KeyRing::read(const std::filesystem::path& file) {
    // Not to wait for the writer of a pipe; what is read is judged by its descriptor, not its name.
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (descriptor.value() < 0 || ::fstat(descriptor.value(), &status) != 0 ||
        !S_ISREG(status.st_mode) || status.st_size > static_cast<off_t>(file_bytes_max)) {
        return KeyRingError::unreadable;
    }
    if ((status.st_mode & S_IRWXO) != 0) return KeyRingError::open_to_others;

    std::string text(file_bytes_max, '\0');
    const Wiped wiped(text);
    std::size_t length = 0;
    while (length < text.size()) {
        const ssize_t count =
            ::read(descriptor.value(), text.data() + length, text.size() - length);
        if (count < 0) return KeyRingError::unreadable;
        if (count == 0) break;
        length += static_cast<std::size_t>(count);
    }
    return parse(std::string_view(text).substr(0, length));
}

Result<KeyRing> KeyRing::parse(std::string_view text) {
    KeyRing ring;
    ring.keys_.reserve(keys_max);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;

        auto key = parse_key(line);
        if (!key) return key.error();
        if (ring.keys_.size() == keys_max || ring.find(key->kid) != nullptr) {
            return KeyRingError::malformed;
        }
        ring.keys_.push_back(std::move(*key));
    }
    if (ring.keys_.empty()) return KeyRingError::malformed;
    return ring;
}

KeyRing::~KeyRing() {
    for (Key& key : keys_)
        sodium_memzero(key.secret.data(), key.secret.size());
}

const KeyRing::Key* KeyRing::find(std::string_view kid) const {
    const auto found = std::ranges::find(keys_, kid, &Key::kid);
    return found == keys_.end() ? nullptr : &*found;
}

}  // namespace switchboard
