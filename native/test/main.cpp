// Runs every registered case whose name contains the first argument; ends with the counts.
#include <exception>
#include <string_view>

#include "check.hpp"

int main(int argc, char** argv) {
  const std::string_view filter = argc > 1 ? argv[1] : "";
  int passed = 0;
  int failed = 0;
  for (const auto& test : qd::test::cases()) {
    if (std::string_view(test.name).find(filter) == std::string_view::npos) continue;
    qd::test::failures_of_current() = 0;
    try {
      test.body();
    } catch (const qd::test::Stopped&) {
      // The failed requirement is already printed and counted.
    } catch (const std::exception& error) {
      qd::test::fail(test.name, 0, std::string("threw ") + error.what());
    }
    if (qd::test::failures_of_current() == 0) {
      ++passed;
    } else {
      ++failed;
      std::cout << "FAILED " << test.name << "\n";
    }
  }
  std::cout << passed << " passed, " << failed << " failed, 0 skipped\n";
  return failed == 0 && passed > 0 ? 0 : 1;
}
