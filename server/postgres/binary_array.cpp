#include "postgres/binary_array.hpp"

namespace switchboard {
namespace {

// Of every array: dimensions, whether there are NULLs, oid of the elements, how many, first index.
constexpr std::size_t element_at = 8, size_at = 12, header_bytes = 20;

}  // namespace

void BinaryArray::clear() {
    bytes_.assign(header_bytes, '\0');
    row_ = 0;
    size_ = 0;
    patch(size_at + 4, 1);
}

void BinaryArray::field(std::string_view text) {
    type(PgType::text);
    put_length(static_cast<int>(text.size()));
    put(text.data(), text.size());
}

void BinaryArray::field(const std::vector<std::string>& texts) {
    begin_list(PgType::text_array, PgType::text, texts.size());
    for (const std::string& text : texts) {
        put_length(static_cast<int>(text.size()));
        put(text.data(), text.size());
    }
    end_list();
}

void BinaryArray::begin_list(PgType of, PgType element, std::size_t size) {
    type(of);
    list_ = bytes_.size();
    put_length(0);  // known at the end
    put_length(size > 0 ? 1 : 0);
    put_length(0);  // without NULLs
    type(element);
    if (size == 0) return;
    put_length(static_cast<int>(size));
    put_length(1);
}

void BinaryArray::end_list() {
    patch(list_, static_cast<std::uint32_t>(bytes_.size() - list_ - 4));
}

void BinaryArray::null(PgType of) {
    type(of);
    put_length(-1);
}

std::uint64_t BinaryArray::since_2000(Time time) {
    constexpr Time epoch = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
    return static_cast<std::uint64_t>((time - epoch).count());
}

void BinaryArray::patch(std::size_t at, std::uint32_t value) {
    const auto bytes = big_endian(value);
    std::memcpy(bytes_.data() + at, &bytes, sizeof bytes);
}

void BinaryArray::end_row() {
    if (row_ != 0) patch(row_, static_cast<std::uint32_t>(bytes_.size() - row_ - 4));
    row_ = 0;
}

pqxx::binarystring BinaryArray::parameter(std::uint32_t element) {
    end_row();
    patch(0, size_ > 0 ? 1 : 0);  // PostgreSQL wants an empty array to have no dimension
    patch(element_at, element);
    patch(size_at, static_cast<std::uint32_t>(size_));
    const std::size_t empty_bytes = size_at;
    return {bytes_.data(), size_ > 0 ? bytes_.size() : empty_bytes};
}

}  // namespace switchboard
