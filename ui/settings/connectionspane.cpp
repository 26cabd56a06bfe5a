#include "ui/settings/connectionspane.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFile>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>

#include "console/connectionchange.h"
#include "sdk/async.h"
#include "ui/settings/entryform.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using theme::setRole;
using workspace::KeyChange;

namespace {

const QString kSection = u"connections"_s;

Result<QMap<QString, QString>> textsInFile(const QString& folder, const QString& name) {
    QFile file(workspace::workspaceFile(folder));
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::Disk,
            ConnectionsPane::tr("%1 cannot be read: %2.").arg(file.fileName(), file.errorString()));
    return workspace::entryTexts(file.readAll(), kSection, name);
}

}  // namespace

ConnectionsPane::ConnectionsPane(theme::Theme& theme, console::Console& console, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_console(console) {
    setObjectName(u"connectionsPane"_s);
    setAccessibleName(tr("Set up a connection"));
    m_parts.build(this);
    wire();
}

void ConnectionsPane::wire() {
    connect(m_parts.test, &QPushButton::clicked, this, &ConnectionsPane::test);
    connect(m_parts.save, &QPushButton::clicked, this, &ConnectionsPane::save);
    connect(m_parts.close, &QPushButton::clicked, this, &ConnectionsPane::close);
    for (const auto& plugin : m_console.registry().plugins())
        if (plugin.category == u"engine") m_parts.kinds->addItem(plugin.title, plugin.type);
    connect(m_parts.kinds, &QComboBox::currentIndexChanged, this, [this] {
        if (m_form)
            fill(m_parts.kinds->currentData().toString(), {{u"name"_s, m_form->text(u"name"_s)}});
    });
}

void ConnectionsPane::create(const QString& kind) {
    m_name.clear();
    dropForm();
    m_parts.kinds->setCurrentIndex(std::max(0, m_parts.kinds->findData(kind)));
    fill(m_parts.kinds->currentData().toString(), {});
}

void ConnectionsPane::change(const QString& name) {
    dropForm();
    m_name = name;
    m_parts.title->setText(name);
    m_parts.kinds->hide();
    say({}, u"muted"_s);
    runOnPool(
        this,
        [folder = m_console.options().workspaceFolder, name] { return textsInFile(folder, name); },
        [this, name](const Result<QMap<QString, QString>>& texts) {
            if (name != m_name) return;
            if (!texts) return say(texts.error().message, u"critical"_s);
            fill(texts->value(u"kind"_s), *texts);
        });
}

void ConnectionsPane::fill(const QString& kind, const QMap<QString, QString>& texts) {
    const auto* plugin = m_console.registry().find(u"engine"_s, kind);
    if (!plugin) return say(tr("No plugin for “%1” is installed.").arg(kind), u"critical"_s);
    dropForm();
    m_parts.kinds->setVisible(m_name.isEmpty());
    m_parts.title->setText(m_name.isEmpty() ? tr("New connection")
                                            : tr("%1 · %2").arg(m_name, plugin->title));
    m_form = new EntryForm(m_theme, *plugin, u"connection"_s, texts, this);
    m_parts.place->addWidget(m_form);
    m_parts.help->setText(plugin->description);
    say({}, u"muted"_s);
    connect(m_form, &EntryForm::helpChanged, m_parts.help, &QLabel::setText);
    connect(m_form, &EntryForm::changed, this, [this] {
        endTest();
        m_wanted = Wanted::Nothing;
        say({}, u"muted"_s);
        check();
    });
    m_form->setFocus(Qt::OtherFocusReason);
    setFocusProxy(m_form);
    check();
}

/// With everything that was asked for it and is not answered yet.
void ConnectionsPane::dropForm() {
    ++m_lastCheck;
    m_isChecking = false;
    m_wanted = Wanted::Nothing;
    endTest();
    delete m_form;
}

void ConnectionsPane::close() {
    dropForm();
    emit closed();
}

/// The reader of tocsin.yaml decides what can be used; the newest question counts.
void ConnectionsPane::check() {
    const QString environment = m_form->text(u"environment"_s);
    m_parts.badge->setEnvironment(environment.isEmpty() ? u"production"_s : environment);
    m_parts.preview->setText(tr("tocsin.yaml  %1").arg(willBeWritten()));
    m_isChecking = true;
    runOnPool(
        this,
        [values = m_form->values(), folder = m_console.workspace().folder,
         plugins = m_console.registry().plugins(), number = ++m_lastCheck] {
            return std::pair(number, workspace::checkedEntry(kSection, values, folder, plugins));
        },
        [this](const std::pair<int, workspace::CheckedEntry>& answer) {
            if (answer.first == m_lastCheck) checked(answer.second);
        });
}

void ConnectionsPane::checked(const workspace::CheckedEntry& result) {
    m_checked = result;
    // What is not filled in yet is no mistake, until it is to be used.
    QVector<workspace::EntryProblem> wrong = result.problems;
    wrong.removeIf([this](const auto& problem) {
        return problem.key.isEmpty() || m_form->text(problem.key).isEmpty();
    });
    m_form->mark(wrong);
    if (!wrong.isEmpty()) say(wrong.first().message, u"critical"_s);
    m_isChecking = false;
    switch (std::exchange(m_wanted, Wanted::Nothing)) {
        case Wanted::Test:
            return test();
        case Wanted::Save:
            return save();
        case Wanted::Nothing:
            return;
    }
}

/// Says what is missing, and goes there.
bool ConnectionsPane::isUsable() {
    QVector<workspace::EntryProblem> problems = m_checked.problems;
    if (m_form->text(u"name"_s).isEmpty())
        problems.prepend({u"name"_s, tr("The connection needs a name, such as primary.")});
    if (problems.isEmpty()) return true;
    m_form->mark(problems);
    say(problems.first().message, u"critical"_s);
    m_form->focusField(problems.first().key);
    return false;
}

void ConnectionsPane::test() {
    if (!m_form) return;
    if (m_triedAt) {
        endTest();
        return say(tr("Stopped."), u"muted"_s);
    }
    m_form->movePassword();
    m_wanted = m_isChecking ? Wanted::Test : Wanted::Nothing;
    if (m_isChecking || !isUsable() || !m_checked.entry) return;
    m_triedAt = m_console.clock().now();
    m_parts.test->setText(tr("Stop"));
    ++m_trial;
    showElapsed();
    whenDone(console::tryConnection(m_console, *m_checked.entry, m_form->typed()), this,
             [this, number = m_trial](const Result<ServerIdentity>& identity) {
                 if (number == m_trial) tellIdentity(identity);
             });
}

void ConnectionsPane::endTest() {
    ++m_trial;
    m_triedAt.reset();
    m_parts.test->setText(tr("Test"));
}

void ConnectionsPane::showElapsed() {
    if (!m_triedAt) return;
    const qint64 seconds = m_triedAt->secsTo(m_console.clock().now());
    say(seconds > 0 ? tr("Asking the server who it is… %1 s").arg(seconds)
                    : tr("Asking the server who it is…"),
        u"muted"_s);
    m_console.clock().callAfter(1s, this, [this, trial = m_trial] {
        if (trial == m_trial) showElapsed();
    });
}

void ConnectionsPane::tellIdentity(const Result<ServerIdentity>& identity) {
    const qint64 took = m_triedAt ? m_triedAt->msecsTo(m_console.clock().now()) : 0;
    endTest();
    if (!identity) {
        const Error& error = identity.error();
        return say(
            error.detail.isEmpty() ? error.message : u"%1\n%2"_s.arg(error.message, error.detail),
            u"critical"_s);
    }
    QString said = tr("Answers in %1 ms: %2 %3 at %4, as %5%6.")
                       .arg(took)
                       .arg(identity->product, identity->version, identity->address, identity->user,
                            identity->replica ? tr(", a replica") : QString());
    for (const QString& warning : identity->warnings)
        said += u'\n' + warning;
    say(said, identity->warnings.isEmpty() ? u"ok"_s : u"warning"_s);
}

void ConnectionsPane::save() {
    if (!m_form || m_isSaving) return;
    m_form->movePassword();
    m_wanted = m_isChecking ? Wanted::Save : Wanted::Nothing;
    if (m_isChecking || !isUsable() || !m_checked.entry) return;
    const auto changes = m_form->changes();
    const auto typed = typedByEntry();
    if (changes.isEmpty() && typed.isEmpty()) return close();
    setSaving(true);
    whenDone(console::changeConnection(m_console, {m_name, changes, *m_checked.entry, typed}), this,
             [this, form = m_form](const Result<QString>& name) {
                 setSaving(false);
                 if (form) saveEnded(name);  // else somebody left it, or looks at another one
             });
}

void ConnectionsPane::saveEnded(const Result<QString>& name) {
    if (!name) return say(name.error().message, u"critical"_s);
    const QString kind = m_form->values().value(1).now;
    dropForm();
    emit saved(*name, kind);
}

/// What is being written is not changed under the pen.
void ConnectionsPane::setSaving(bool saving) {
    m_isSaving = saving;
    m_parts.save->setEnabled(!saving);
    m_parts.kinds->setEnabled(!saving);
    if (m_form) m_form->setEnabled(!saving);
    if (saving) say(tr("Saving…"), u"muted"_s);
}

QMap<QString, Secret> ConnectionsPane::typedByEntry() const {
    QMap<QString, Secret> all;
    const auto typed = m_form->typed();
    for (auto it = typed.begin(); it != typed.end(); ++it)
        all.insert(m_form->text(it.key()).mid(int(qstrlen("keychain:"))), it.value());
    return all;
}

void ConnectionsPane::say(const QString& sentence, const QString& role) {
    m_parts.message->setText(sentence);
    setRole(m_parts.message, role);
}

/// The line that comes into the file, or what changes in it.
QString ConnectionsPane::willBeWritten() const {
    const auto changes = m_form->changes();
    if (m_name.isEmpty()) return redact(workspace::entryLine(changes));
    if (changes.isEmpty()) return tr("stays as it is");
    QStringList lines;
    for (const KeyChange& change : changes)
        lines << (change.now.isEmpty() ? tr("without %1").arg(change.key)
                  : change.was.isEmpty()
                      ? u"%1: %2"_s.arg(change.key, change.now)
                      : u"%1: %2 → %3"_s.arg(change.key, change.was, change.now));
    return redact(lines.join(u" · "_s));
}

void ConnectionsPane::keyPressEvent(QKeyEvent* event) {
    const bool enters = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape)
        close();
    else if (auto* button = qobject_cast<QAbstractButton*>(focusWidget()); enters && button)
        button->click();
    else if (enters)
        save();
    else
        QWidget::keyPressEvent(event);
}

}  // namespace tocsin::ui
