#include "ui/shell/welcomepage.h"

#include <QBoxLayout>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QtConcurrent>

#include "sdk/async.h"
#include "ui/shell/workspacedraft.h"
#include "ui/theme/card.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

namespace {

struct Scenario {
    const char *name, *title;
};
constexpr Scenario kScenarios[] = {
    {"database-connections", QT_TRANSLATE_NOOP("Welcome", "A database pool runs full")},
    {"queue-delay", QT_TRANSLATE_NOOP("Welcome", "A queue falls behind")},
    {"error-rate", QT_TRANSLATE_NOOP("Welcome", "Requests fail")},
};

QLabel* label(const QString& text, const QString& role) {
    auto* made = new QLabel(text);
    made->setWordWrap(true);
    setRole(made, role);
    return made;
}

QVBoxLayout* cardColumn(theme::Card* card, const QString& title, const QString& text) {
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(9);
    column->addWidget(label(title, u"heading"_s));
    column->addWidget(label(text, u"muted"_s));
    return column;
}

}  // namespace

WelcomePage::WelcomePage(QWidget* parent) : QWidget(parent) {
    setObjectName(u"welcomePage"_s);
    setRole(this, u"panel"_s);
    auto* outer = new QVBoxLayout(this);
    auto* middle = new QWidget;
    middle->setMaximumWidth(1060);
    auto* column = new QVBoxLayout(middle);
    column->setSpacing(14);
    column->addWidget(label(tr("Tocsin"), u"title"_s));
    column->addWidget(
        label(tr("One window from the alarm to the post-mortem. It needs a workspace: a folder "
                 "with tocsin.yaml and your runbooks."),
              u"muted"_s));
    auto* row = new QHBoxLayout;
    row->setSpacing(14);
    row->addWidget(buildOpen(), 1);
    row->addWidget(buildMake(), 1);
    row->addWidget(buildDrill(), 1);
    column->addLayout(row);
    auto* skip = new QPushButton(tr("Look around with the bundled runbooks"));
    skip->setObjectName(u"welcomeSkip"_s);
    setRole(skip, u"ghost"_s);
    connect(skip, &QPushButton::clicked, this, &WelcomePage::skipped);
    column->addWidget(skip, 0, Qt::AlignLeft);
    outer->addStretch(1);
    auto* centred = new QHBoxLayout;
    centred->addStretch(1);
    centred->addWidget(middle, 20);
    centred->addStretch(1);
    outer->addLayout(centred);
    outer->addStretch(2);
}

QWidget* WelcomePage::buildOpen() {
    auto* card = new theme::Card;
    auto* column =
        cardColumn(card, tr("Open a workspace"),
                   tr("A folder that your team already keeps, for example a checkout from git."));
    auto* open = new QPushButton(tr("Choose a folder…"));
    open->setObjectName(u"welcomeOpen"_s);
    setRole(open, u"primary"_s);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openWorkspace);
    column->addStretch(1);
    column->addWidget(open, 0, Qt::AlignLeft);
    return card;
}

QLineEdit* WelcomePage::field(QBoxLayout* into, const QString& name, const QString& question,
                              const QString& proposal) {
    auto* made = new QLineEdit(proposal);
    made->setObjectName(name);
    made->setAccessibleName(question);
    into->addWidget(label(question, u"faint"_s));
    into->addWidget(made);
    return made;
}

QWidget* WelcomePage::buildMake() {
    auto* card = new theme::Card;
    auto* column =
        cardColumn(card, tr("Make one"), tr("Three questions; everything else can wait."));
    const QString home = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    m_name = field(column, u"welcomeName"_s, tr("What do you look after?"), tr("Studio"));
    m_alertmanager = field(column, u"welcomeAlertmanager"_s,
                           tr("Where does Alertmanager answer? (may stay empty)"), {});
    m_alertmanager->setPlaceholderText(u"http://127.0.0.1:9093"_s);
    m_folder = field(column, u"welcomeFolder"_s, tr("Where shall it live?"),
                     QDir::toNativeSeparators(home + u"/tocsin"_s));
    m_error = label({}, u"critical"_s);
    m_error->setObjectName(u"welcomeError"_s);
    m_error->hide();
    column->addWidget(m_error);
    m_make = new QPushButton(tr("Make it"));
    m_make->setObjectName(u"welcomeMake"_s);
    setRole(m_make, u"primary"_s);
    connect(m_make, &QPushButton::clicked, this, &WelcomePage::makeWorkspace);
    column->addStretch(1);
    column->addWidget(m_make, 0, Qt::AlignLeft);
    return card;
}

QWidget* WelcomePage::buildDrill() {
    auto* card = new theme::Card;
    auto* column =
        cardColumn(card, tr("Start a drill"),
                   tr("A rehearsed incident on real local servers, gone when you close it."));
    column->addStretch(1);
    for (const Scenario& each : kScenarios) {
        const QString name = QString::fromLatin1(each.name);
        auto* start = new QPushButton(QCoreApplication::translate("Welcome", each.title));
        start->setObjectName(u"welcomeDrill_"_s + name);
        connect(start, &QPushButton::clicked, this, [this, name] { emit drillRequested(name); });
        column->addWidget(start);
    }
    return card;
}

void WelcomePage::openWorkspace() {
    auto* dialog = new QFileDialog(this, tr("Open a workspace"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, &WelcomePage::workspaceChosen);
    dialog->open();
}

void WelcomePage::makeWorkspace() {
    const WorkspaceDraft draft{m_folder->text().trimmed(), m_name->text().trimmed(),
                               m_alertmanager->text().trimmed()};
    m_make->setEnabled(false);
    whenDone(QtConcurrent::run(writeWorkspace, draft), this, [this](const Result<QString>& folder) {
        m_make->setEnabled(true);
        m_error->setVisible(!folder);
        if (!folder) return m_error->setText(folder.error().message);
        emit workspaceChosen(*folder);
    });
}

}  // namespace tocsin::ui
