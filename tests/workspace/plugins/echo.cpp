// A probe that reports its own name.
#include "sdk/plugin.h"

namespace {

class EchoProbe : public tocsin::Probe {
public:
    EchoProbe(const tocsin::Settings& settings, tocsin::Clock& clock)
        : m_name(settings.name), m_clock(clock) {}

    QFuture<tocsin::ProbeReport> look() override {
        tocsin::ProbeReport report;
        report.name = m_name;
        report.level = tocsin::ProbeLevel::Ok;
        report.summary = m_name;
        report.checkedAt = m_clock.now();
        return QtFuture::makeReadyFuture(report);
    }
    QUrl page() const override { return {}; }

private:
    QString m_name;
    tocsin::Clock& m_clock;
};

class EchoPlugin : public QObject, public tocsin::ProbePlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID TOCSIN_PROBE_IID FILE "echo.json")
    Q_INTERFACES(tocsin::ProbePlugin)
public:
    tocsin::Result<std::unique_ptr<tocsin::Probe>> createProbe(const tocsin::Settings& settings,
                                                               tocsin::Clock& clock) override {
        if (settings.flag(QStringLiteral("refuse")))
            return tocsin::fail(tocsin::ErrorCode::Config, QStringLiteral("Told to refuse."));
        return std::make_unique<EchoProbe>(settings, clock);
    }
};

}  // namespace

#include "echo.moc"
