#include "ui/shell/sourcechips.h"

#include <set>

#include "ui/theme/durations.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using alerts::SourceHealth;
using theme::Chip;
using theme::Mark;
using theme::Tone;

namespace {
constexpr int kGap = 6;
constexpr int kMoreWidth = 44;

QString clockTime(const QDateTime& at) {
    return at.toUTC().toString(u"HH:mm:ss"_s);
}
}  // namespace

SourceChips::SourceChips(theme::Theme& theme, alerts::Board& board, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_board(board), m_more(new Chip(theme, this)) {
    setObjectName(u"sourceChips"_s);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_more->setObjectName(u"sourceChipsMore"_s);
    m_more->setFocusPolicy(Qt::NoFocus);
    m_more->hide();
    connect(&board, &alerts::Board::sourceChanged, this, &SourceChips::refresh);
    refresh();
}

void SourceChips::setNow(const QDateTime& now) {
    m_now = now;
    refresh();
}

void SourceChips::refresh() {
    const auto sources = m_board.sources();
    while (m_chips.size() < size_t(sources.size())) {
        auto* chip = new Chip(m_theme, this);
        chip->setFocusPolicy(Qt::TabFocus);
        connect(chip, &Chip::clicked, this,
                [this, chip] { emit sourceChosen(chip->property("source").toString()); });
        m_chips.push_back(chip);
    }
    const QSize before = sizeHint();
    for (int i = 0; i < sources.size(); ++i)
        describe(*m_chips[size_t(i)], sources[i]);
    if (sizeHint() != before) updateGeometry();
    arrange();
}

void SourceChips::describe(Chip& chip, const SourceHealth& health) const {
    chip.setObjectName(u"source_"_s + health.name);
    chip.setProperty("source", health.name);
    const auto since = [this](const QDateTime& from) {
        return m_now.isValid() && from.isValid() ? theme::ageText(theme::between(from, m_now))
                                                 : QString();
    };
    const QString seen = health.lastSeen.isValid()
                             ? tr("last answer %1 UTC").arg(clockTime(health.lastSeen))
                             : tr("never answered");
    if (health.known) {
        const QString text = u"%1 %2"_s.arg(health.name, since(health.lastSeen)).trimmed();
        chip.setParts(Mark::Dot, {}, text, Tone::Plain);
        chip.setMarkTone(Tone::Ok);
        chip.setToolTip(
            tr("%1: %n alert(s), %2", nullptr, int(health.alertCount)).arg(health.name, seen));
        return;
    }
    const QString age = since(health.unknownSince);
    const bool waiting = !health.lastSeen.isValid() && health.error.message.isEmpty();
    const QString text = waiting         ? tr("%1 not seen yet").arg(health.name)
                         : age.isEmpty() ? tr("%1 unknown").arg(health.name)
                                         : tr("%1 unknown for %2").arg(health.name, age);
    const Tone tone = waiting ? Tone::Muted : Tone::Warning;
    chip.setParts(Mark::Arc, {}, text, tone);
    chip.setMarkTone(tone);
    QStringList lines{u"%1: %2"_s.arg(health.name, seen)};
    if (!health.error.message.isEmpty()) lines << health.error.message;
    if (health.nextTry.isValid()) lines << tr("next try %1 UTC").arg(clockTime(health.nextTry));
    chip.setToolTip(lines.join(u'\n'));
}

QSize SourceChips::sizeHint() const {
    int width = 0;
    int height = m_more->sizeHint().height();
    for (const Chip* chip : m_chips) {
        width += chip->sizeHint().width() + kGap;
        height = std::max(height, chip->sizeHint().height());
    }
    return {std::max(0, width - kGap), height};
}

QSize SourceChips::minimumSizeHint() const {
    return {60, sizeHint().height()};
}

void SourceChips::resizeEvent(QResizeEvent*) {
    arrange();
}

void SourceChips::arrange() {
    // Unknown sources must be seen: where room is short, those that answer give way, last first.
    std::set<size_t> hidden;
    int need = sizeHint().width();
    for (const bool sparing : {true, false}) {
        for (size_t i = m_chips.size(); i-- > 0 && need > width();) {
            const bool answers = m_chips[i]->tone() == Tone::Plain;
            if (hidden.contains(i) || (sparing && !answers)) continue;
            if (hidden.empty()) need += kMoreWidth;
            hidden.insert(i);
            need -= m_chips[i]->sizeHint().width() + kGap;
        }
    }
    // What fits after all comes back, the unknown first.
    for (const bool sparing : {true, false})
        for (size_t i = 0; i < m_chips.size(); ++i) {
            const int more = m_chips[i]->sizeHint().width() + kGap;
            const bool answers = m_chips[i]->tone() == Tone::Plain;
            if (!hidden.contains(i) || answers == sparing || need + more > width()) continue;
            hidden.erase(i);
            need += more;
        }
    int x = 0;
    QStringList unseen;
    for (size_t i = 0; i < m_chips.size(); ++i) {
        Chip* chip = m_chips[i];
        chip->setVisible(!hidden.contains(i));
        if (hidden.contains(i)) {
            unseen << chip->text();
            continue;
        }
        chip->setGeometry(QRect(QPoint(x, 0), chip->sizeHint()));
        x += chip->sizeHint().width() + kGap;
    }
    m_more->setVisible(!hidden.empty());
    m_more->setParts(Mark::None, {}, u"+%1"_s.arg(hidden.size()), Tone::Muted);
    m_more->setToolTip(unseen.join(u'\n'));
    m_more->setGeometry(QRect(QPoint(x, 0), m_more->sizeHint()));
}

}  // namespace tocsin::ui
