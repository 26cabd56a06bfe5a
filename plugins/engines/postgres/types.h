#pragma once
#include <QString>

#include "sdk/resultset.h"

namespace tocsin::postgres {

/// The column for a result field of a built-in type; for another type the name is empty until
/// the server is asked (format_type). Source: pg_type.dat, whose numbers never change.
Column columnFor(const QString& name, unsigned int typeOid);

}  // namespace tocsin::postgres
