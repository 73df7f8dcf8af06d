#pragma once

#include <pqxx/pqxx>

#include <bit>
#include <chrono>
#include <concepts>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace switchboard {

// Numbers of PostgreSQL's built-in types; they never change.
enum class PgType : std::uint32_t {
    boolean = 16,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    text = 25,
    text_array = 1009,
    int8_array = 1016,
    timestamptz = 1184,
    uuid = 2950,
};

// A one-dimensional array as a parameter in binary form, of numbers (with add) or of a composite
// type (with begin_row and then each field in the order of the type). The buffer is kept over
// clear(), so that filling it again allocates nothing.
class BinaryArray {
public:
    BinaryArray() { clear(); }

    void clear();
    int size() const { return size_; }

    // One element of an array of numbers.
    template <std::signed_integral T>
    void add(T value) {
        put_field(std::bit_cast<std::make_unsigned_t<T>>(value));
        ++size_;
    }

    // One element of an array of uuid.
    template <class Tag>
    void add(const Bits128<Tag>& bits) {
        put_length(16);
        put(bits.bytes.data(), 16);
        ++size_;
    }

    // One element of an array of a composite type, whose `fields` fields follow.
    void begin_row(int fields) {
        end_row();
        row_ = bytes_.size();
        put_length(0);  // known at the end of the row
        put_length(fields);
        ++size_;
    }

    void field(std::int16_t value) { typed(PgType::int2, static_cast<std::uint16_t>(value)); }
    void field(std::int32_t value) { typed(PgType::int4, static_cast<std::uint32_t>(value)); }
    void field(std::int64_t value) { typed(PgType::int8, static_cast<std::uint64_t>(value)); }
    void field(bool value) { typed(PgType::boolean, static_cast<std::uint8_t>(value)); }
    void field(Time value) { typed(PgType::timestamptz, since_2000(value)); }
    void field(std::chrono::seconds value) { field(static_cast<std::int32_t>(value.count())); }
    void field(std::string_view text);
    void field(const std::string& text) { field(std::string_view(text)); }
    void field(const std::vector<std::string>& texts);
    void field(const char*) = delete;  // would be taken for a bool

    template <class Enum>
    requires std::is_enum_v<Enum>
    void field(Enum value) { field(static_cast<std::int16_t>(value)); }

    template <class Tag>
    void field(Id<Tag> id) {
        field(id.value);
    }

    template <class Tag>
    void field(const Bits128<Tag>& bits) {
        type(PgType::uuid);
        put_length(16);
        put(bits.bytes.data(), 16);
    }

    template <class Tag>
    void field(const std::vector<Id<Tag>>& ids) {
        begin_list(PgType::int8_array, PgType::int8, ids.size());
        for (const Id<Tag>& id : ids)
            put_field(static_cast<std::uint64_t>(id.value));
        end_list();
    }

    // NULL where there is no value.
    void field(const std::optional<std::int64_t>& value) { or_null(PgType::int8, value); }
    void field(const std::optional<Time>& value) { or_null(PgType::timestamptz, value); }
    template <class Tag>
    void field(const std::optional<Bits128<Tag>>& value) {
        or_null(PgType::uuid, value);
    }
    void null(PgType of);

    // The finished array as a parameter; `element` is the type's oid in this database. It may be
    // asked for again, for another connection.
    pqxx::binarystring parameter(std::uint32_t element);
    pqxx::binarystring parameter(PgType element) {
        return parameter(static_cast<std::uint32_t>(element));
    }

private:
    static std::uint64_t since_2000(Time time);

    void put(const void* data, std::size_t size) {
        bytes_.append(static_cast<const char*>(data), size);
    }

    template <std::unsigned_integral T>
    static T big_endian(T value) {
        if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
        if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
        if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
        return value;
    }

    void put_length(int length) {
        const auto bytes = big_endian(static_cast<std::uint32_t>(length));
        put(&bytes, sizeof bytes);
    }

    void type(PgType type) { put_length(static_cast<int>(type)); }

    template <std::unsigned_integral T>
    void put_field(T value) {  // length and value in one go
        char bytes[4 + sizeof value];
        const auto length = big_endian(static_cast<std::uint32_t>(sizeof value));
        const auto number = big_endian(value);
        std::memcpy(bytes, &length, 4);
        std::memcpy(bytes + 4, &number, sizeof value);
        put(bytes, sizeof bytes);
    }

    template <std::unsigned_integral T>
    void typed(PgType type, T value) {  // oid, length and value in one go
        char bytes[8 + sizeof value];
        const auto oid = big_endian(static_cast<std::uint32_t>(type));
        const auto length = big_endian(static_cast<std::uint32_t>(sizeof value));
        const auto number = big_endian(value);
        std::memcpy(bytes, &oid, 4);
        std::memcpy(bytes + 4, &length, 4);
        std::memcpy(bytes + 8, &number, sizeof value);
        put(bytes, sizeof bytes);
    }

    template <class T>
    void or_null(PgType type, const std::optional<T>& value) {
        if (value) {
            field(*value);
        } else {
            null(type);
        }
    }

    // A field that is an array itself, whose elements follow, each with its length.
    void begin_list(PgType type, PgType element, std::size_t size);
    void end_list();

    void end_row();
    void patch(std::size_t at, std::uint32_t value);

    std::string bytes_;
    std::size_t row_ = 0;   // where the open row begins; 0: none is open
    std::size_t list_ = 0;  // where the open field that is an array begins
    int size_ = 0;
};

static_assert(std::endian::native == std::endian::little);

}  // namespace switchboard
