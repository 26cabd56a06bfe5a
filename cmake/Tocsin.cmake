# What every target of the house shares: warnings, sanitizers, one precompiled header per layer,
# and the three functions the folders use: tocsin_add_module, tocsin_add_plugin, tocsin_add_test.

add_library(tocsin_warnings INTERFACE)
target_compile_options(tocsin_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    $<$<BOOL:${TOCSIN_WERROR}>:-Werror>)

if(TOCSIN_SANITIZE)
    add_compile_options(-fsanitize=${TOCSIN_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${TOCSIN_SANITIZE})
endif()

# All modules of a layer see the same Qt modules, so that they can share one precompiled header:
# GCC only accepts one whose macro definitions are the same.
add_library(tocsin_layer_app INTERFACE)
target_link_libraries(tocsin_layer_app INTERFACE
    tocsin_warnings Qt6::Core Qt6::Concurrent Qt6::DBus Qt6::Network Qt6::Sql tl::expected)
target_include_directories(tocsin_layer_app INTERFACE ${PROJECT_SOURCE_DIR}/app)
target_compile_definitions(tocsin_layer_app INTERFACE
    QT_NO_CAST_FROM_BYTEARRAY)

add_library(tocsin_layer_ui INTERFACE)
target_link_libraries(tocsin_layer_ui INTERFACE
    tocsin_layer_app Qt6::Gui Qt6::Widgets Qt6::Svg Qt6::PrintSupport)
target_include_directories(tocsin_layer_ui INTERFACE ${PROJECT_SOURCE_DIR})

# A release is built with -O1: three quarters of the time of -O2, and nobody feels the difference but
# where bulk data passes. There it is -O2, with a precompiled header made so: GCC 12 crashes on another's.
add_library(tocsin_layer_bulk INTERFACE)
target_link_libraries(tocsin_layer_bulk INTERFACE tocsin_layer_app)
set(bulk_options $<$<CONFIG:Release>:-O2>)

function(_tocsin_pch layer header)
    file(WRITE ${CMAKE_BINARY_DIR}/pch/${layer}.cpp "// carries the layer's precompiled header\n")
    add_library(tocsin_pch_${layer} OBJECT ${CMAKE_BINARY_DIR}/pch/${layer}.cpp)
    target_link_libraries(tocsin_pch_${layer} PRIVATE tocsin_layer_${layer})
    target_compile_options(tocsin_pch_${layer} PRIVATE ${${layer}_options})
    target_precompile_headers(tocsin_pch_${layer} PRIVATE ${header})
    set_target_properties(tocsin_pch_${layer} PROPERTIES AUTOMOC OFF)
endfunction()
_tocsin_pch(app ${PROJECT_SOURCE_DIR}/cmake/pch_app.h)
_tocsin_pch(bulk ${PROJECT_SOURCE_DIR}/cmake/pch_app.h)
_tocsin_pch(ui ${PROJECT_SOURCE_DIR}/cmake/pch_ui.h)

# Tests are built to be built quickly: not optimised, one precompiled header for all of them. So Qt's
# definition of each test's own build folder, which no test uses, has to be the same everywhere.
set_property(TARGET Qt6::Test PROPERTY INTERFACE_COMPILE_DEFINITIONS
    QT_TESTLIB_LIB QT_TESTCASE_BUILDDIR="${CMAKE_BINARY_DIR}" QT_TESTCASE_SOURCEDIR="${PROJECT_SOURCE_DIR}")
add_library(tocsin_layer_test INTERFACE)
target_link_libraries(tocsin_layer_test INTERFACE tocsin_layer_ui Qt6::Test)
target_include_directories(tocsin_layer_test INTERFACE ${PROJECT_SOURCE_DIR}/tests)
target_compile_options(tocsin_layer_test INTERFACE $<$<CONFIG:Release>:-O0>)
if(BUILD_TESTING)
    _tocsin_pch(test ${PROJECT_SOURCE_DIR}/cmake/pch_test.h)
endif()

# tocsin_add_module(NAME LAYER app|bulk|ui SOURCES … [LINKS …]): a static library Tocsin::NAME.
function(tocsin_add_module name)
    cmake_parse_arguments(arg "" "LAYER" "SOURCES;LINKS" ${ARGN})
    if(NOT arg_LAYER)
        set(arg_LAYER app)
    endif()
    add_library(tocsin_${name} STATIC ${arg_SOURCES})
    add_library(Tocsin::${name} ALIAS tocsin_${name})
    target_link_libraries(tocsin_${name} PUBLIC tocsin_layer_${arg_LAYER} ${arg_LINKS})
    target_compile_options(tocsin_${name} PRIVATE ${${arg_LAYER}_options})
    target_precompile_headers(tocsin_${name} REUSE_FROM tocsin_pch_${arg_LAYER})
endfunction()

# tocsin_add_plugin(NAME CATEGORY sources|engines|probes|notifiers SOURCES … [LINKS …])
# builds the parts as the static library Tocsin::NAME_parts, which tests link, and plugin.cpp
# (with plugin.json beside it) as a loadable module.
function(tocsin_add_plugin name)
    cmake_parse_arguments(arg "" "CATEGORY" "SOURCES;LINKS" ${ARGN})
    if(arg_CATEGORY MATCHES "^(sources|engines)$")
        set(layer bulk)
    else()
        set(layer app)
    endif()
    tocsin_add_module(${name}_parts LAYER ${layer} SOURCES ${arg_SOURCES} LINKS Tocsin::Sdk ${arg_LINKS})
    target_include_directories(tocsin_${name}_parts PUBLIC ${PROJECT_SOURCE_DIR})
    add_library(tocsin_plugin_${name} MODULE plugin.cpp)
    target_link_libraries(tocsin_plugin_${name} PRIVATE Tocsin::${name}_parts)
    target_compile_definitions(tocsin_plugin_${name} PRIVATE QT_PLUGIN)
    set_target_properties(tocsin_plugin_${name} PROPERTIES
        PREFIX "" OUTPUT_NAME ${name}
        AUTOMOC_MOC_OPTIONS "-I${CMAKE_CURRENT_SOURCE_DIR}"
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/tocsin/plugins/${arg_CATEGORY})
    set_property(SOURCE plugin.cpp APPEND PROPERTY OBJECT_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/plugin.json)
    set_property(GLOBAL APPEND PROPERTY TOCSIN_PLUGINS tocsin_plugin_${name})
    install(TARGETS tocsin_plugin_${name}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/tocsin/plugins/${arg_CATEGORY})
endfunction()

# tocsin_add_test(NAME SOURCES … LINKS … [LABELS …] [TIMEOUT s]): an executable and a CTest of that name.
function(tocsin_add_test name)
    cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(TOCSIN_SANITIZE)
        math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 3")
    endif()
    list(GET arg_SOURCES 0 subject)
    get_filename_component(moc ${subject} NAME_WE)
    set(moc ${CMAKE_CURRENT_BINARY_DIR}/${moc}.moc)
    qt6_generate_moc(${subject} ${moc} TARGET ${name})
    add_executable(${name} ${arg_SOURCES} ${moc})
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
    target_link_libraries(${name} PRIVATE tocsin_layer_test ${arg_LINKS})
    target_precompile_headers(${name} REUSE_FROM tocsin_pch_test)
    set_target_properties(${name} PROPERTIES
        AUTOMOC OFF UNITY_BUILD OFF RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME ${name} COMMAND ${name})
    # Qt's own limit for one function is no longer than the test's.
    math(EXPR function_timeout "${arg_TIMEOUT} * 1000")
    set_tests_properties(${name} PROPERTIES
        TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TOCSIN_PLUGINS=${CMAKE_BINARY_DIR}/lib/tocsin/plugins;TOCSIN_BINARY=${CMAKE_BINARY_DIR}/bin/tocsin;LC_ALL=C.UTF-8;QTEST_FUNCTION_TIMEOUT=${function_timeout};LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/lsan.supp:print_suppressions=0;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/tsan.supp:die_after_fork=0:ignore_noninstrumented_modules=1")
endfunction()
