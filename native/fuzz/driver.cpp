// A coverage-guided fuzzing driver for compilers without one. The core is compiled with
// -fsanitize-coverage=trace-pc, which calls __sanitizer_cov_trace_pc at every edge; an input that
// reaches an edge, or a power of two of visits to it, not seen before joins the corpus. Usage:
// fuzz-x CORPUS [-runs=N] [-seconds=N] [-seed=N]; a crash leaves its input in the file
// `crash-<target>` of the working folder.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t EDGES = 1U << 16;
constexpr std::size_t MAX_INPUT = 4096;

std::uint8_t visits[EDGES];
std::uint8_t known[EDGES];
std::size_t edges_covered = 0;

using Input = std::vector<std::uint8_t>;

Input current;
std::string crash_file;

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t limit) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>((z ^ (z >> 31)) % limit);
  }

 private:
  std::uint64_t state_;
};

// Visits in steps of powers of two, one bit each.
std::uint8_t step_of(std::uint8_t count) {
  std::uint8_t bit = 1;
  for (; count > 1 && bit < 128; count = static_cast<std::uint8_t>(count >> 1))
    bit = static_cast<std::uint8_t>(bit << 1);
  return bit;
}

bool runs_new_code(const Input& input) {
  std::memset(visits, 0, sizeof visits);
  current = input;
  qd_fuzz_one(current.data(), current.size());
  bool fresh = false;
  for (std::size_t edge = 0; edge < EDGES; ++edge) {
    if (visits[edge] == 0) continue;
    const std::uint8_t step = step_of(visits[edge]);
    if ((known[edge] & step) != 0) continue;
    edges_covered += known[edge] == 0 ? 1 : 0;
    known[edge] = static_cast<std::uint8_t>(known[edge] | step);
    fresh = true;
  }
  return fresh;
}

const char* const TOKENS[] = {"\"",
                              "\\u0065",
                              "{",
                              "}",
                              "[",
                              "]",
                              ",",
                              ":",
                              "0",
                              "9007199254740992",
                              "-",
                              ".",
                              "e",
                              "\"\",",
                              "[[\"1\",\"2\"]]",
                              "true",
                              "null",
                              "\"E\":",
                              "\"T\":",
                              "\"s\":",
                              "\"pu\":1,",
                              "00000000",
                              "\"data\":",
                              "\"stream\":\"x\","};

Input mutated(Random& random, const std::vector<Input>& corpus) {
  Input input = corpus[random.below(corpus.size())];
  for (std::size_t change = 1 + random.below(4); change > 0; --change) {
    const std::size_t at = random.below(input.size() + 1);
    const auto here = input.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(6)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<std::uint8_t>(random.below(256));
        break;
      case 1:
        if (at < input.size())
          input[at] = static_cast<std::uint8_t>(input[at] ^ (1U << random.below(8)));
        break;
      case 2: {
        const char* token = TOKENS[random.below(std::size(TOKENS))];
        input.insert(here, token, token + std::strlen(token));
        break;
      }
      case 3: {
        const std::size_t size = std::min(input.size() - at, 1 + random.below(16));
        input.erase(here, here + static_cast<std::ptrdiff_t>(size));
        break;
      }
      case 4: {
        const Input other = corpus[random.below(corpus.size())];
        const std::size_t from = random.below(other.size() + 1);
        const std::size_t size = std::min(other.size() - from, random.below(64));
        input.insert(here, other.begin() + static_cast<std::ptrdiff_t>(from),
                     other.begin() + static_cast<std::ptrdiff_t>(from + size));
        break;
      }
      default:
        input.resize(at);
        break;
    }
    if (input.size() > MAX_INPUT) input.resize(MAX_INPUT);
  }
  return input;
}

void save_crash() {
  // Nothing was tried yet: what failed was no input's doing.
  if (current.empty()) return;
  std::FILE* file = std::fopen(crash_file.c_str(), "wb");
  if (file == nullptr) return;
  std::fwrite(current.data(), 1, current.size(), file);
  std::fclose(file);
  std::fprintf(stderr, "the input is in %s (%zu bytes)\n", crash_file.c_str(), current.size());
}

void on_abort(int signal) {
  save_crash();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::uint64_t option(const std::string& argument, const char* name, std::uint64_t value) {
  const std::string prefix = std::string("-") + name + "=";
  return argument.rfind(prefix, 0) == 0
             ? std::strtoull(argument.c_str() + prefix.size(), nullptr, 10)
             : value;
}

}  // namespace

extern "C" void __sanitizer_cov_trace_pc() {
  // Relative to the program, so that a seed gives the same run wherever it is loaded.
  const auto address = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)) -
                       reinterpret_cast<std::uintptr_t>(&qd_fuzz_one);
  std::uint8_t& count = visits[(address ^ (address >> 16)) & (EDGES - 1)];
  if (count < 255) ++count;
}

// Both sanitizers end the process by SIGABRT, which saves the input.
extern "C" const char* __asan_default_options() {
  return "abort_on_error=1:handle_abort=0:detect_leaks=0";
}
extern "C" const char* __ubsan_default_options() { return "abort_on_error=1:print_stacktrace=1"; }

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s CORPUS [-runs=N] [-seconds=N] [-seed=N]\n", argv[0]);
    return 2;
  }
  if (!std::filesystem::is_directory(argv[1])) {
    std::fprintf(stderr, "expected a folder of inputs, was %s\n", argv[1]);
    return 2;
  }
  std::uint64_t runs = UINT64_MAX;
  std::uint64_t seconds = 10;
  std::uint64_t seed = 1;
  for (int i = 2; i < argc; ++i) {
    runs = option(argv[i], "runs", runs);
    seconds = option(argv[i], "seconds", seconds);
    seed = option(argv[i], "seed", seed);
  }
  const std::string target = std::filesystem::path(argv[0]).filename().string();
  crash_file = "crash-" + target;
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL}) std::signal(signal, on_abort);

  std::vector<Input> corpus;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    Input input{std::istreambuf_iterator<char>(file), {}};
    if (!input.empty() && input.back() == '\n') input.pop_back();
    corpus.push_back(std::move(input));
  }
  if (corpus.empty()) corpus.push_back({});
  std::uint64_t executions = 0;
  for (const Input& input : corpus) {
    runs_new_code(input);
    ++executions;
  }
  const std::size_t seeds = corpus.size();
  Random random(seed);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (executions < runs &&
         (executions % 256 != 0 || std::chrono::steady_clock::now() < deadline)) {
    Input input = mutated(random, corpus);
    if (runs_new_code(input)) corpus.push_back(std::move(input));
    ++executions;
  }
  std::printf("%s: %llu executions, %zu edges covered, %zu seeds, %zu inputs found, seed %llu\n",
              target.c_str(), static_cast<unsigned long long>(executions), edges_covered, seeds,
              corpus.size() - seeds, static_cast<unsigned long long>(seed));
  return 0;
}
