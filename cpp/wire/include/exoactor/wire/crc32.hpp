#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace exoactor {

/// Table of the polynomial 0x04C11DB7, not reflected.
constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc >> 31) * 0x04C11DB7U);
    table[byte] = crc;
  }
  return table;
}

inline constexpr std::array<std::uint32_t, 256> kCrcTable = make_crc_table();

/// CRC of 32-bit words, the high byte of each first; initial value ~0, no final inversion. RT-safe.
inline std::uint32_t crc32(const std::uint32_t* words, std::size_t count) noexcept {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (std::size_t i = 0; i < count; ++i) {
    crc ^= words[i];
    for (int byte = 0; byte < 4; ++byte) crc = (crc << 8) ^ kCrcTable[crc >> 24];
  }
  return crc;
}

/// The CRC of a message: of its memory but the last word, which holds it. RT-safe.
template <typename Message>
std::uint32_t message_crc(const Message& message) noexcept {
  static_assert(std::is_trivially_copyable_v<Message> && sizeof(Message) % 4 == 0);
  std::array<std::uint32_t, sizeof(Message) / 4> words;
  std::memcpy(words.data(), &message, sizeof(Message));
  return crc32(words.data(), words.size() - 1);
}

}  // namespace exoactor
