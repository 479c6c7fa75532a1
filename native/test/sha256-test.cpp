#include "checksum/sha256.hpp"

#include <string>
#include <vector>

#include "check.hpp"

namespace {

std::string hex(const qd::Digest& digest) {
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::string sha256(const std::string& text, bool portable) {
  qd::Sha256 hash(portable);
  hash.update(text.data(), text.size());
  return hex(hash.digest());
}

// FIPS 180-2 appendix B and the NIST long-message example.
void check_vectors(bool portable) {
  CHECK_EQ(sha256("", portable),
           std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  CHECK_EQ(sha256("abc", portable),
           std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  CHECK_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", portable),
           std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
  CHECK_EQ(sha256(std::string(1'000'000, 'a'), portable),
           std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

}  // namespace

TEST(sha256_portable_matches_nist_vectors) { check_vectors(true); }

TEST(sha256_dispatched_matches_nist_vectors) { check_vectors(false); }

TEST(sha256_variants_agree_on_every_length_and_split) {
  qd::test::Random random(11);
  std::string bytes(400, ' ');
  for (auto& byte : bytes) byte = static_cast<char>(random.next());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string text = bytes.substr(0, size);
    const std::string whole = sha256(text, true);
    CHECK_EQ(sha256(text, false), whole);
    const std::size_t split = size == 0 ? 0 : random.below(size);
    qd::Sha256 hash;
    hash.update(text.data(), split);
    hash.digest();
    hash.update(text.data() + split, size - split);
    CHECK_EQ(hex(hash.digest()), whole);
  }
}
