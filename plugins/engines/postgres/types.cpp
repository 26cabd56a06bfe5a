#include "plugins/engines/postgres/types.h"

#include <QHash>

namespace tocsin::postgres {
namespace {

struct Type {
    const char* name;
    bool numeric = false;
};

const QHash<unsigned int, Type>& builtinTypes() {
    static const QHash<unsigned int, Type> types{
        {16, {"boolean"}},
        {17, {"bytea"}},
        {18, {"\"char\""}},
        {19, {"name"}},
        {20, {"bigint", true}},
        {21, {"smallint", true}},
        {23, {"integer", true}},
        {24, {"regproc"}},
        {25, {"text"}},
        {26, {"oid", true}},
        {27, {"tid"}},
        {28, {"xid", true}},
        {114, {"json"}},
        {142, {"xml"}},
        {194, {"pg_node_tree"}},
        {600, {"point"}},
        {650, {"cidr"}},
        {700, {"real", true}},
        {701, {"double precision", true}},
        {790, {"money", true}},
        {829, {"macaddr"}},
        {869, {"inet"}},
        {1000, {"boolean[]"}},
        {1003, {"name[]"}},
        {1005, {"smallint[]"}},
        {1007, {"integer[]"}},
        {1009, {"text[]"}},
        {1015, {"character varying[]"}},
        {1016, {"bigint[]"}},
        {1028, {"oid[]"}},
        {1042, {"character"}},
        {1043, {"character varying"}},
        {1082, {"date"}},
        {1083, {"time without time zone"}},
        {1114, {"timestamp without time zone"}},
        {1184, {"timestamp with time zone"}},
        {1186, {"interval"}},
        {1231, {"numeric[]"}},
        {1266, {"time with time zone"}},
        {1560, {"bit"}},
        {1562, {"bit varying"}},
        {1700, {"numeric", true}},
        {2205, {"regclass"}},
        {2206, {"regtype"}},
        {2249, {"record"}},
        {2278, {"void"}},
        {2950, {"uuid"}},
        {3220, {"pg_lsn"}},
        {3614, {"tsvector"}},
        {3615, {"tsquery"}},
        {3802, {"jsonb"}},
        {3904, {"int4range"}},
        {3910, {"tstzrange"}},
        {4096, {"regrole"}},
        {5069, {"xid8", true}},
    };
    return types;
}

}  // namespace

Column columnFor(const QString& name, unsigned int typeOid) {
    const Type type = builtinTypes().value(typeOid, {""});
    return {name, QString::fromLatin1(type.name), type.numeric};
}

}  // namespace tocsin::postgres
