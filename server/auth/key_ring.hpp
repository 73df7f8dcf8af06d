#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "domain/errors.hpp"

namespace switchboard {

// Why a file of keys is not accepted. The program then does not start.
enum class KeyRingError {
    unreadable = 1,  // missing, not a plain file, over 64 KiB, or a failed read
    open_to_others,  // somebody beside the owner and the group may read or write it
    malformed,       // a line that is not "kid secret", a kid twice, no key, or over 8 keys
    too_short,       // a secret of less than 32 bytes
    example,         // a secret is the one that the documentation shows
};

error_code make_error_code(KeyRingError error);

// The keys we sign with, each under the name (kid) that a token carries. A new key is put in as
// the first line, and signs; the old ones below it still verify, until they are taken out.
class KeyRing {
public:
    static constexpr std::size_t keys_max = 8;
    static constexpr std::size_t kid_bytes_max = 16;
    static constexpr std::size_t secret_bytes_min = 32;
    // Shown in docs/operations.md, and refused here, so that nobody runs with it.
    static constexpr std::string_view example_secret =
        "put-the-output-of-openssl-rand-base64-48-here";

    struct Key {
        std::string kid;     // 1..16 of a-z, 0-9, _ and -
        std::string secret;  // the bytes as written in the file
    };

    // One key per line, "kid secret"; a line that is empty or begins with # is skipped. Blocks;
    // for the start of the program. Copies made while reading are overwritten with zeros.
    static Result<KeyRing> read(const std::filesystem::path& file);
    static Result<KeyRing> parse(std::string_view text);

    KeyRing(KeyRing&&) noexcept = default;
    KeyRing& operator=(KeyRing&&) = delete;
    ~KeyRing();  // overwrites the secrets with zeros

    // The key that signs.
    const Key& current() const { return keys_.front(); }

    // The key of that name; null when there is none. Any thread: a ring never changes.
    const Key* find(std::string_view kid) const;

private:
    KeyRing() = default;

    std::vector<Key> keys_;  // never empty once parsed
};

}  // namespace switchboard

template <>
struct boost::system::is_error_code_enum<switchboard::KeyRingError> : std::true_type {};
