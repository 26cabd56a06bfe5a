#pragma once
#include <QtGlobal>

#ifdef TOCSIN_SDK_BUILD
#define TOCSIN_SDK_EXPORT Q_DECL_EXPORT
#else
#define TOCSIN_SDK_EXPORT Q_DECL_IMPORT
#endif
