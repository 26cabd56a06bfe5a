#pragma once
#include <QByteArray>

/// The questions that the guard asks of a server's catalogue, as SQL. Nothing in the session's
/// search path can answer in the catalogue's place.
namespace tocsin::postgres::catalogue {

// The cheap ones, which say whether the others are worth their planning: that would take the server
// longer than all the rest of the proof. Only those that the names call for are put; $a, $b and $c
// are a question's own parameters, and each answers with rows of what and name.
extern const QByteArray kRelations;
extern const QByteArray kOperators;
extern const QByteArray kFields;
extern const QByteArray kTypeNames;
extern const QByteArray kOwnTypes;

// Where the look begins: the functions ('call'), the types that values are made of ('type'), are
// cast to in so many words ('target') or only meet in a cast ('meets'), and the relations ('opens')
// that the statement names.
extern const QByteArray kNamedCalls;
extern const QByteArray kColumnCalls;
extern const QByteArray kOperatorCalls;
extern const QByteArray kNamedTypes;
extern const QByteArray kText;     ///< a || b and their like make text of a value by a cast
extern const QByteArray kDomains;  ///< whose fields nobody can tell before it runs, may be any
extern const QByteArray kRows;
extern const QByteArray kOpenedRelations;
extern const QByteArray kKnownCalls;  ///< what was found before, to go on from

/// Is there a type of that name?
extern const QByteArray kIsType;

/// How far a look has to go.
struct Reach {
    bool opens = false;   ///< into what is stored with relations
    bool types = false;   ///< into what types and casts call
    bool writes = false;  ///< what a write reads of a relation besides
};

/// Every function and foreign table that `beginnings` lead to: name, schema, volatility, extension,
/// how, oid, whether the server came with it, and the body of one in SQL that it did not come with.
QByteArray listing(const QByteArray& beginnings, Reach reach);

/// As a server of that version understands it: 140000 and up have statistics on expressions, and
/// bodies that are kept as trees.
QByteArray ofVersion(QByteArray sql, int serverVersion);

}  // namespace tocsin::postgres::catalogue
