#include "ui/incident/postmortempane.h"

#include <QBoxLayout>
#include <QImage>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBrowser>
#include <utility>

#include "sdk/async.h"
#include "ui/theme/roles.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {

PostMortemPane::PostMortemPane(CurrentIncident& current, PostMortemPreview preview, QWidget* parent)
    : QWidget(parent),
      m_current(current),
      m_preview(std::move(preview)),
      m_caption(new QLabel),
      m_export(new QPushButton(tr("Export…"))),
      m_text(new QTextBrowser) {
    setObjectName(u"postMortemPane"_s);
    setAccessibleName(tr("Post-mortem"));
    m_caption->setObjectName(u"postMortemCaption"_s);
    m_caption->setWordWrap(true);
    theme::setRole(m_caption, u"muted"_s);
    m_export->setObjectName(u"postMortemExport"_s);
    m_export->setAccessibleName(tr("Write the post-mortem to a file"));
    m_text->setObjectName(u"postMortemText"_s);
    m_text->setAccessibleName(tr("The post-mortem as it stands"));
    m_text->setOpenLinks(false);
    m_text->setTabChangesFocus(true);
    // Paper, in either theme.
    m_text->setStyleSheet(u"QTextBrowser { background: white; color: #1a1a1a; }"_s);
    m_text->document()->setDocumentMargin(18);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(8);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_caption, 1);
    row->addWidget(m_export);
    column->addLayout(row);
    column->addWidget(m_text, 1);
    connect(m_export, &QPushButton::clicked, this, &PostMortemPane::exportRequested);
    connect(&current, &CurrentIncident::changed, this, &PostMortemPane::read);
    read();
}

void PostMortemPane::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    read();
}

void PostMortemPane::read() {
    const QString id = m_current.id();
    m_export->setEnabled(!id.isEmpty());
    if (id.isEmpty()) {
        m_shown.clear();
        m_text->clear();
        m_caption->setText(
            tr("No incident is in front. Declare one, or choose one under “Past”: its post-mortem "
               "is drawn here as it grows."));
        return;
    }
    if (!isVisible()) return;
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    whenDone(m_preview(id), this, [this, id](const Result<incidents::Exported>& sheet) {
        m_reading = false;
        if (id == m_current.id()) {
            m_caption->setText(!sheet ? sheet.error().message
                               : m_current.isOpen()
                                   ? tr("%1, so far. It is drawn anew as things happen.").arg(id)
                                   : tr("%1, as it will be exported.").arg(id));
            if (sheet) showSheet(*sheet);
        }
        if (std::exchange(m_again, false) || id != m_current.id()) read();
    });
}

void PostMortemPane::showSheet(const incidents::Exported& sheet) {
    const bool same = std::exchange(m_shown, m_current.id()) == m_current.id();
    const int before = same ? m_text->verticalScrollBar()->value() : 0;
    m_text->document()->addResource(QTextDocument::ImageResource, QUrl(u"drawing.svg"_s),
                                    QImage::fromData(sheet.drawing, "PNG"));
    // As wide as the pane; the paper's own width is the paper's.
    const int width = std::max(200, m_text->viewport()->width() - 40);
    m_text->setHtml(
        QString::fromUtf8(sheet.content).replace(u"width=\"680\""_s, u"width=\"%1\""_s.arg(width)));
    m_text->verticalScrollBar()->setValue(before);
}

}  // namespace tocsin::ui
