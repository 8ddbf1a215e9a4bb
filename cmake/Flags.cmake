# Language, warnings, and the flags of each build type.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(QUELL_SANITIZE "" CACHE STRING "sanitizers to build with, as -fsanitize takes them")
option(QUELL_FUZZERS "build the fuzzers of fuzz/; QUELL_SANITIZE must have fuzzer-no-link" OFF)
option(QUELL_BENCHMARKS "build quell_bench, the micro-benchmarks" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG -fno-plt")
# Line numbers for backtraces; more debug information would double the time to build.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

# The binary starts on any x86-64-v2; kernels choose wider instructions at run time.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  add_compile_options(-march=x86-64-v2)
endif()
# The Python extension links the same static library, and one precompiled header serves all.
add_compile_options(-fPIC)
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections -Wl,--as-needed)

set(QUELL_WARNINGS -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  # What the optimizer of this g++ guesses about std::string, std::optional and std::variant is often wrong.
  list(APPEND QUELL_WARNINGS
    -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12 calls what it has deprecated itself, which only g++ knows to pass over; and `&` of two conditions is how
  # loops without branches are written.
  list(APPEND QUELL_WARNINGS -Wno-deprecated-declarations -Wno-bitwise-instead-of-logical)
endif()

if(QUELL_SANITIZE)
  add_compile_options(-fsanitize=${QUELL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${QUELL_SANITIZE})
  if(QUELL_SANITIZE MATCHES "undefined")
    # A null pointer ends the program without a check before each use; the other three look at downcasts and at calls
    # through pointers, which are few. All four take a quarter of the time to compile.
    add_compile_options(-fno-sanitize=null,vptr,function,object-size)
  endif()
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()
