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

QPushButton* footButton(const QString& name, const QString& text, const QString& role) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAccessibleName(text);
    if (!role.isEmpty()) setRole(made, role);
    return made;
}

}  // namespace

ConnectionsPane::ConnectionsPane(theme::Theme& theme, console::Console& console, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_console(console) {
    setObjectName(u"connectionsPane"_s);
    setAccessibleName(tr("Set up a connection"));
    build();
}

void ConnectionsPane::build() {
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(buildHeader());
    m_place = new QVBoxLayout;
    all->addLayout(m_place, 1);
    auto* line = new QFrame;
    line->setFixedHeight(1);
    setRole(line, u"separator"_s);
    all->addWidget(line);
    all->addWidget(buildFoot());
    connect(m_test, &QPushButton::clicked, this, &ConnectionsPane::test);
    connect(m_save, &QPushButton::clicked, this, &ConnectionsPane::save);
    connect(m_close, &QPushButton::clicked, this, &ConnectionsPane::closed);
    connect(m_kinds, &QComboBox::currentIndexChanged, this, [this] {
        if (m_form) fill(m_kinds->currentData().toString(), {{u"name"_s, m_form->text(u"name"_s)}});
    });
}

QWidget* ConnectionsPane::buildHeader() {
    auto* header = new QFrame;
    setRole(header, u"header"_s);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(12, 6, 12, 6);
    row->setSpacing(8);
    m_badge = new theme::EnvironmentBadge;
    m_title = new QLabel;
    m_title->setObjectName(u"connectionTitle"_s);
    setRole(m_title, u"heading"_s);
    m_kinds = new QComboBox;
    m_kinds->setObjectName(u"connectionKind"_s);
    m_kinds->setAccessibleName(tr("Kind of server"));
    for (const auto& plugin : m_console.registry().plugins())
        if (plugin.category == u"engine") m_kinds->addItem(plugin.title, plugin.type);
    row->addWidget(m_badge);
    row->addWidget(m_title);
    row->addWidget(m_kinds);
    row->addStretch(1);
    return header;
}

QWidget* ConnectionsPane::buildFoot() {
    auto* foot = new QWidget;
    auto* column = new QVBoxLayout(foot);
    column->setContentsMargins(14, 8, 14, 10);
    column->setSpacing(6);
    m_help = new QLabel;
    m_help->setObjectName(u"connectionHelp"_s);
    m_help->setWordWrap(true);
    m_help->setTextFormat(Qt::PlainText);
    m_help->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // Nothing moves when the help is longer or shorter.
    m_help->setFixedHeight(m_help->fontMetrics().lineSpacing() * 3);
    setRole(m_help, u"faint"_s);
    m_preview = new theme::ElidedLabel;
    m_preview->setObjectName(u"connectionPreview"_s);
    m_preview->setAccessibleName(tr("What will be written to tocsin.yaml"));
    m_preview->setTextFormat(Qt::PlainText);
    setRole(m_preview, u"mono"_s);
    m_message = new QLabel;
    m_message->setObjectName(u"connectionMessage"_s);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_message->setMinimumHeight(m_message->fontMetrics().lineSpacing() * 2);
    m_test = footButton(u"connectionTest"_s, tr("Test"), {});
    m_save = footButton(u"connectionSave"_s, tr("Save"), u"primary"_s);
    m_close = footButton(u"connectionClose"_s, tr("Close"), u"ghost"_s);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_test);
    buttons->addWidget(m_save);
    buttons->addWidget(m_close);
    buttons->addStretch(1);
    column->addWidget(m_help);
    column->addWidget(m_preview);
    column->addWidget(m_message);
    column->addLayout(buttons);
    return foot;
}

void ConnectionsPane::create(const QString& kind) {
    m_name.clear();
    delete m_form;
    m_kinds->setCurrentIndex(std::max(0, m_kinds->findData(kind)));
    fill(m_kinds->currentData().toString(), {});
}

void ConnectionsPane::change(const QString& name) {
    delete m_form;
    m_name = name;
    m_title->setText(name);
    m_kinds->hide();
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
    delete m_form;
    endTest();
    m_kinds->setVisible(m_name.isEmpty());
    m_title->setText(m_name.isEmpty() ? tr("New connection")
                                      : tr("%1 · %2").arg(m_name, plugin->title));
    m_form = new EntryForm(m_theme, *plugin, u"connection"_s, texts, this);
    m_place->addWidget(m_form);
    m_help->setText(plugin->description);
    say({}, u"muted"_s);
    connect(m_form, &EntryForm::helpChanged, m_help, &QLabel::setText);
    connect(m_form, &EntryForm::changed, this, [this] {
        endTest();
        say({}, u"muted"_s);
        check();
    });
    m_form->setFocus(Qt::OtherFocusReason);
    setFocusProxy(m_form);
    check();
}

/// The reader of tocsin.yaml decides what can be used; the newest question counts.
void ConnectionsPane::check() {
    const QString environment = m_form->text(u"environment"_s);
    m_badge->setEnvironment(environment.isEmpty() ? u"production"_s : environment);
    m_preview->setText(tr("tocsin.yaml  %1").arg(willBeWritten()));
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
    m_test->setText(tr("Stop"));
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
    m_test->setText(tr("Test"));
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
    if (m_isChecking || !isUsable()) return;
    const auto changes = m_form->changes();
    const auto typed = typedByEntry();
    if (changes.isEmpty() && typed.isEmpty()) return emit closed();
    m_isSaving = true;
    m_save->setEnabled(false);
    whenDone(console::changeConnection(m_console, {m_name, changes, typed}), this,
             [this, kind = m_form->values().value(1).now](const Result<QString>& name) {
                 m_isSaving = false;
                 m_save->setEnabled(true);
                 if (!name) return say(name.error().message, u"critical"_s);
                 delete m_form;
                 emit saved(*name, kind);
             });
}

QMap<QString, Secret> ConnectionsPane::typedByEntry() const {
    QMap<QString, Secret> all;
    const auto typed = m_form->typed();
    for (auto it = typed.begin(); it != typed.end(); ++it)
        all.insert(m_form->text(it.key()).mid(int(qstrlen("keychain:"))), it.value());
    return all;
}

void ConnectionsPane::say(const QString& sentence, const QString& role) {
    m_message->setText(sentence);
    setRole(m_message, role);
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
    if (event->key() == Qt::Key_Escape)
        emit closed();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        save();
    else
        QWidget::keyPressEvent(event);
}

}  // namespace tocsin::ui
