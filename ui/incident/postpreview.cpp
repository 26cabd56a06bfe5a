#include "ui/incident/postpreview.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

PostPreview::PostPreview(theme::Theme& theme, const QString& name, QWidget* parent)
    : QWidget(parent), m_theme(theme) {
    setObjectName(name + u"Pane"_s);
    m_caption = new QLabel;
    m_caption->setObjectName(name + u"Caption"_s);
    m_caption->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setRole(m_caption, u"muted"_s);
    m_raw = new QPushButton(tr("Raw"));
    m_raw->setObjectName(name + u"Raw"_s);
    m_raw->setAccessibleName(tr("Show the bare request instead"));
    m_raw->setToolTip(tr("The very text that is handed to the channel"));
    m_raw->setCheckable(true);
    setRole(m_raw, u"chip"_s);
    m_text = new QTextBrowser;
    m_text->setObjectName(name + u"Text"_s);
    m_text->setAccessibleName(tr("Exactly what will be sent"));
    m_text->setOpenLinks(false);
    m_text->setTabChangesFocus(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->addWidget(m_caption, 1);
    row->addWidget(m_raw);
    column->addLayout(row);
    column->addWidget(m_text, 1);
    connect(m_raw, &QPushButton::toggled, this, &PostPreview::render);
    connect(&m_theme, &theme::Theme::changed, this, &PostPreview::render);
}

void PostPreview::setNames(const QMap<QString, QString>& names) {
    m_names = names;
}

void PostPreview::show(const QVector<QByteArray>& bodies, const QDateTime& now) {
    m_now = now;
    if (m_bodies == bodies) return;
    m_bodies = bodies;
    render();
}

void PostPreview::showProblem(const QString& sentence) {
    m_bodies.clear();
    m_caption->clear();
    m_text->setPlainText(sentence);
}

void PostPreview::render() {
    if (m_bodies.isEmpty()) return;
    const PostLook look{m_theme.colors(), m_names, m_now};
    QStringList shown, raw, counts;
    bool isSilent = false;
    for (const QByteArray& body : std::as_const(m_bodies)) {
        const RenderedPost post = renderedPost(body, look);
        const QString part = tr("Part %1 of %2").arg(shown.size() + 1).arg(m_bodies.size());
        shown << (m_bodies.size() > 1 ? u"<div style='color:%1'><small>%2</small></div>"_s.arg(
                                            look.colors.muted.name(), part) +
                                            post.html
                                      : post.html);
        raw << post.raw;
        counts << QString::number(post.characters);
        isSilent = isSilent || post.isSilent;
    }
    QString caption = m_bodies.size() == 1
                          ? tr("%1 of %2 characters").arg(counts[0]).arg(kPostLimit)
                          : tr("%n posts: %1 characters", nullptr, int(m_bodies.size()))
                                .arg(counts.join(u" + "_s));
    if (isSilent) caption += tr(" · silent");
    m_caption->setText(caption);
    m_caption->setToolTip(caption);
    if (m_raw->isChecked())
        m_text->setPlainText(raw.join(u"\n\n"_s));
    else
        m_text->setHtml(shown.join(u"<hr/>"_s));
}

}  // namespace tocsin::ui
