#pragma once
#include <QObject>
#include <QStringList>
#include <QTemporaryFile>
#include <chrono>

namespace tocsin::ui {

/// The sound of something new. Its own short two-tone bell, played as a file by the first of
/// pw-play, paplay, aplay and canberra-gtk-play that is there and does it; QApplication::beep()
/// when none does. A player is preferred to the desktop's own event sounds and to a notification's
/// sound hint, because both are off on many desktops without anybody knowing. Never waits.
class Bell : public QObject {
    Q_OBJECT
public:
    /// `players` as found in PATH; for tests another list.
    explicit Bell(QStringList players = foundPlayers(), QObject* parent = nullptr);
    /// A player that has not ended by then is killed, and the next one tried.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

    /// Does nothing while it still sounds.
    void ring();
    static QStringList foundPlayers();

signals:
    /// By which program; empty: by the beep.
    void rang(const QString& player);

private:
    void tryNext();
    bool prepare();

    QStringList m_players;
    std::chrono::milliseconds m_patience{5000};
    qsizetype m_next = -1;  // −1: it is quiet
    QTemporaryFile m_file;
};

/// 0.7 s of a bell as a WAV file, 16 bit mono. Pure.
QByteArray bellSound();

}  // namespace tocsin::ui
