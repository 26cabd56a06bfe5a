#pragma once
#include <QUrl>

#include "sdk/http.h"
#include "sdk/settings.h"

namespace tocsin::alertmanager {

/// The address of `resource` ("alerts", "silences") below what a person wrote or pasted from the
/// browser: a path prefix is kept, "/api/v2", "/#/alerts" and trailing slashes are not doubled.
QUrl apiAddress(const QUrl& written, const QString& resource);

/// GET for `resource` with the settings' filters (alerts only), credentials and time limit.
HttpRequest apiRequest(const Settings& settings, const QString& resource);

}  // namespace tocsin::alertmanager
