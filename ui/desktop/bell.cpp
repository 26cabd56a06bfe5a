#include "ui/desktop/bell.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTimer>
#include <QtEndian>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace tocsin::ui {
namespace {

constexpr int kRate = 22050;
constexpr double kLengthSeconds = 0.7;
constexpr double kSecondToneAt = 0.18;
constexpr double kFirstTone = 880, kSecondTone = 1174.66;  // a fourth: noticed, not shrill

template <typename T>
void put(QByteArray& out, T value) {
    const T little = qToLittleEndian(value);
    out.append(reinterpret_cast<const char*>(&little), sizeof little);
}

double toneAt(double frequency, double seconds) {
    if (seconds < 0) return 0;
    const double angle = 2 * std::numbers::pi * frequency * seconds;
    return (std::sin(angle) + 0.35 * std::sin(2.76 * angle)) * std::exp(-6 * seconds);
}

}  // namespace

QByteArray bellSound() {
    constexpr auto samples = quint32(kRate * kLengthSeconds);
    QByteArray wav("RIFF");
    put<quint32>(wav, 36 + samples * 2);
    wav += "WAVEfmt ";
    put<quint32>(wav, 16);
    put<quint16>(wav, 1);
    put<quint16>(wav, 1);
    put<quint32>(wav, kRate);
    put<quint32>(wav, kRate * 2);
    put<quint16>(wav, 2);
    put<quint16>(wav, 16);
    wav += "data";
    put<quint32>(wav, samples * 2);
    for (quint32 i = 0; i < samples; ++i) {
        const double at = double(i) / kRate;
        const double value = toneAt(kFirstTone, at) + toneAt(kSecondTone, at - kSecondToneAt);
        put<qint16>(wav, qint16(std::lround(value * 9000)));
    }
    return wav;
}

Bell::Bell(QStringList players, QObject* parent)
    : QObject(parent),
      m_players(std::move(players)),
      m_file(QDir::temp().filePath(u"tocsin-bell-XXXXXX.wav"_s)) {
}

QStringList Bell::foundPlayers() {
    QStringList found;
    for (const QString& name : {u"pw-play"_s, u"paplay"_s, u"aplay"_s, u"canberra-gtk-play"_s})
        if (const QString path = QStandardPaths::findExecutable(name); !path.isEmpty())
            found << path;
    return found;
}

bool Bell::prepare() {
    if (!m_file.fileName().isEmpty() && QFile::exists(m_file.fileName())) return true;
    if (!m_file.open()) return false;
    const QByteArray sound = bellSound();
    const bool written = m_file.write(sound) == sound.size() && m_file.flush();
    m_file.close();
    return written;
}

void Bell::ring() {
    if (m_next >= 0) return;
    m_next = prepare() ? 0 : m_players.size();
    tryNext();
}

void Bell::tryNext() {
    if (m_next >= m_players.size()) {
        m_next = -1;
        QApplication::beep();
        return emit rang({});
    }
    const QString player = m_players.at(m_next);
    auto* process = new QProcess(this);
    process->setStandardOutputFile(QProcess::nullDevice());
    process->setStandardErrorFile(QProcess::nullDevice());
    const auto ended = [this, process, player](bool well) {
        process->disconnect(this);
        process->deleteLater();
        if (!well) {
            ++m_next;
            return tryNext();
        }
        // What worked is tried first from now on.
        m_players.move(m_next, 0);
        m_next = -1;
        emit rang(player);
    };
    connect(process, &QProcess::finished, this, [ended](int code, QProcess::ExitStatus status) {
        ended(status == QProcess::NormalExit && code == 0);
    });
    connect(process, &QProcess::errorOccurred, this, [ended](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) ended(false);
    });
    // A sound server that hangs must not silence what comes after.
    QTimer::singleShot(m_patience, process, &QProcess::kill);
    const bool canberra = QFileInfo(player).fileName().startsWith(u"canberra"_s);
    process->start(player, canberra ? QStringList{u"-f"_s, m_file.fileName()}
                                    : QStringList{m_file.fileName()});
}

}  // namespace tocsin::ui
