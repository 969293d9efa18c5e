#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace exoactor {

/// What a byte does to the CRC once it and `n` more bytes have been shifted out, for n = 0 .. 3.
using CrcTables = std::array<std::array<std::uint32_t, 256>, 4>;

/// Tables of the polynomial 0x04C11DB7, not reflected.
constexpr CrcTables make_crc_tables() {
  CrcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte << 24;
    for (auto& table : tables) {
      for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc >> 31) * 0x04C11DB7U);
      table[byte] = crc;
    }
  }
  return tables;
}

inline constexpr CrcTables kCrcTables = make_crc_tables();

/// CRC of 32-bit words, the high byte of each first; initial value ~0, no final inversion. A word
/// at a time ("slicing by four"). RT-safe.
inline std::uint32_t crc32(const std::uint32_t* words, std::size_t count) noexcept {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (std::size_t i = 0; i < count; ++i) {
    crc ^= words[i];
    crc = kCrcTables[3][crc >> 24] ^ kCrcTables[2][(crc >> 16) & 0xFFU] ^
          kCrcTables[1][(crc >> 8) & 0xFFU] ^ kCrcTables[0][crc & 0xFFU];
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
