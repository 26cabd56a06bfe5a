#include "plugins/engines/postgres/functions.h"

#include <QHash>

namespace tocsin::postgres {
namespace {

using Names = QSet<QString>;

Names names(const char* list) {
    const QStringList words = QString::fromLatin1(list).split(u' ', Qt::SkipEmptyParts);
    return {words.begin(), words.end()};
}

// From pg_proc of PostgreSQL 15 (provolatile = 'v'), and newer names of 16 to 18.
const Names& looking() {
    static const Names list = names(
        "bernoulli system clock_timestamp timeofday current_query random random_normal "
        "gen_random_uuid uuidv4 uuidv7 currval lastval pg_blocking_pids "
        "pg_safe_snapshot_blocking_pids pg_isolation_test_session_is_blocked "
        "pg_collation_actual_version pg_database_collation_actual_version pg_control_checkpoint "
        "pg_control_init pg_control_recovery pg_control_system pg_current_logfile "
        "pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn pg_database_size "
        "pg_get_backend_memory_contexts pg_get_multixact_members pg_get_shmem_allocations "
        "pg_get_wal_replay_pause_state pg_get_wal_resource_managers pg_get_wal_summarizer_state "
        "pg_available_wal_summaries pg_hba_file_rules pg_ident_file_mappings pg_indexes_size "
        "pg_is_in_recovery pg_is_wal_replay_paused pg_jit_available pg_last_committed_xact "
        "pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp "
        "pg_lock_status pg_ls_archive_statusdir pg_ls_logdir pg_ls_logicalmapdir "
        "pg_ls_logicalsnapdir pg_ls_replslotdir pg_ls_tmpdir pg_ls_waldir "
        "pg_notification_queue_usage pg_partition_ancestors pg_partition_tree pg_prepared_xact "
        "pg_relation_size pg_replication_origin_progress pg_sequence_last_value "
        "pg_show_all_file_settings pg_show_replication_origin_status pg_sleep pg_sleep_for "
        "pg_sleep_until pg_stat_clear_snapshot pg_stat_have_stats pg_table_size "
        "pg_tablespace_size pg_total_relation_size pg_xact_commit_timestamp "
        "pg_xact_commit_timestamp_origin pg_xact_status txid_status");
    return list;
}

// The rest of PostgreSQL 15's volatile functions that SQL can call: for a verdict without a server.
const Names& acting() {
    static const Names list = names(
        "brin_desummarize_range brin_summarize_new_values brin_summarize_range currtid2 "
        "cursor_to_xml cursor_to_xmlschema gin_clean_pending_list lo_close lo_creat lo_create "
        "lo_export lo_from_bytea lo_get lo_import lo_lseek lo_lseek64 lo_open lo_put lo_tell "
        "lo_tell64 lo_truncate lo_truncate64 lo_unlink loread lowrite nextval pg_advisory_lock "
        "pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all "
        "pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared "
        "pg_backup_start pg_backup_stop pg_cancel_backend pg_copy_logical_replication_slot "
        "pg_copy_physical_replication_slot pg_create_logical_replication_slot "
        "pg_create_physical_replication_slot pg_create_restore_point pg_drop_replication_slot "
        "pg_export_snapshot pg_extension_config_dump pg_import_system_collations "
        "pg_log_backend_memory_contexts pg_logical_emit_message "
        "pg_logical_slot_get_binary_changes pg_logical_slot_get_changes "
        "pg_logical_slot_peek_binary_changes pg_logical_slot_peek_changes pg_ls_dir pg_nextoid "
        "pg_notify pg_promote pg_read_binary_file pg_read_file pg_read_file_old pg_reload_conf "
        "pg_replication_origin_advance pg_replication_origin_create pg_replication_origin_drop "
        "pg_replication_origin_session_is_setup pg_replication_origin_session_progress "
        "pg_replication_origin_session_reset pg_replication_origin_session_setup "
        "pg_replication_origin_xact_reset pg_replication_origin_xact_setup "
        "pg_replication_slot_advance pg_rotate_logfile pg_rotate_logfile_old pg_stat_file "
        "pg_stat_force_next_flush pg_stat_reset pg_stat_reset_replication_slot "
        "pg_stat_reset_shared pg_stat_reset_single_function_counters "
        "pg_stat_reset_single_table_counters pg_stat_reset_slru "
        "pg_stat_reset_subscription_stats pg_stop_making_pinned_objects pg_switch_wal "
        "pg_terminate_backend pg_try_advisory_lock pg_try_advisory_lock_shared "
        "pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_wal_replay_pause "
        "pg_wal_replay_resume query_to_xml query_to_xml_and_xmlschema set_config setseed setval "
        "ts_rewrite ts_stat dblink dblink_exec dblink_connect dblink_connect_u "
        "dblink_send_query dblink_open");
    return list;
}

const Names& unmarked() {
    static const Names list = names(
        "txid_current pg_current_xact_id table_to_xml table_to_xml_and_xmlschema schema_to_xml "
        "schema_to_xml_and_xmlschema database_to_xml database_to_xml_and_xmlschema domain_in "
        "domain_recv array_in array_recv record_in record_recv range_in range_recv multirange_in "
        "multirange_recv pg_input_is_valid pg_input_error_info fmgr_sql_validator "
        "fmgr_c_validator fmgr_internal_validator");
    return list;
}

QString effectOf(const QString& function) {
    static const QHash<QString, QString> effects{
        {QStringLiteral("pg_terminate_backend"), QStringLiteral("which ends another session")},
        {QStringLiteral("pg_cancel_backend"),
         QStringLiteral("which stops another session's statement")},
        {QStringLiteral("set_config"), QStringLiteral("which changes the session's settings")},
        {QStringLiteral("nextval"), QStringLiteral("which uses up a number of a sequence")},
        {QStringLiteral("setval"), QStringLiteral("which moves a sequence")},
        {QStringLiteral("pg_notify"), QStringLiteral("which wakes the sessions that listen")},
        {QStringLiteral("pg_reload_conf"), QStringLiteral("which reloads the server's settings")},
        {QStringLiteral("pg_promote"), QStringLiteral("which turns a replica into a primary")},
        {QStringLiteral("pg_switch_wal"), QStringLiteral("which starts a new log segment")},
        {QStringLiteral("txid_current"), QStringLiteral("which takes a transaction id")},
        {QStringLiteral("pg_current_xact_id"), QStringLiteral("which takes a transaction id")},
    };
    if (function.contains(QStringLiteral("advisory")))
        return QStringLiteral("which takes or frees a lock that outlives the statement");
    if (function.startsWith(QStringLiteral("pg_stat_reset")))
        return QStringLiteral("which throws statistics away");
    if (function.startsWith(QStringLiteral("lo_")) || function.startsWith(QStringLiteral("lo")))
        return QStringLiteral("which reaches into large objects");
    const QString name = function.section(u'.', -1);
    if (function.contains(QStringLiteral("_to_xml")) || function == u"ts_stat" ||
        function == u"ts_rewrite" || name.startsWith(QStringLiteral("crosstab")) ||
        name == u"connectby" || name == u"xpath_table")
        return QStringLiteral("which runs a text or a view that the guard cannot see");
    if (unmarked().contains(name) &&
        (name.endsWith(u"_in") || name.endsWith(u"_recv") || name.startsWith(u"pg_input_")))
        return QStringLiteral("which runs the checks of a type that is named in a text");
    if (function.startsWith(QStringLiteral("dblink")))
        return QStringLiteral("which runs a statement on another server");
    if (function.contains(QStringLiteral("read_file")) ||
        function.contains(QStringLiteral("_ls_dir")) || function == u"pg_stat_file" ||
        name.contains(QStringLiteral("read_binary_file")))
        return QStringLiteral("which reads the server's files");
    return effects.value(function, QStringLiteral("which is marked volatile: a read-only "
                                                  "transaction does not keep it from acting"));
}

}  // namespace

bool onlyLooks(const QString& builtin) {
    return builtin.startsWith(QStringLiteral("pg_stat_get_")) || looking().contains(builtin);
}

bool onlyLooks(const QString& extension, const QString& function) {
    // Those that come with PostgreSQL 15, and newer names of 16; then others.
    static const QHash<QString, Names> known{
        {QStringLiteral("adminpack"), names("pg_logdir_ls")},
        {QStringLiteral("amcheck"), names("verify_heapam")},
        {QStringLiteral("dblink"), names("dblink_get_connections dblink_get_pkey")},
        {QStringLiteral("intagg"), names("int_agg_state int_agg_final_array")},
        {QStringLiteral("old_snapshot"), names("pg_old_snapshot_time_mapping")},
        {QStringLiteral("pageinspect"),
         names("brin_metapage_info brin_page_items brin_page_type brin_revmap_data bt_metap "
               "bt_multi_page_stats bt_page_items bt_page_stats fsm_page_contents get_raw_page "
               "gin_leafpage_items gin_metapage_info gin_page_opaque_info gist_page_items "
               "gist_page_items_bytea gist_page_opaque_info hash_bitmap_info hash_metapage_info "
               "hash_page_items hash_page_stats hash_page_type heap_page_item_attrs "
               "heap_page_items heap_tuple_infomask_flags page_checksum page_header "
               "tuple_data_split")},
        {QStringLiteral("pg_buffercache"),
         names("pg_buffercache_pages pg_buffercache_summary pg_buffercache_usage_counts")},
        {QStringLiteral("pg_freespacemap"), names("pg_freespace")},
        {QStringLiteral("pg_stat_statements"), names("pg_stat_statements pg_stat_statements_info")},
        {QStringLiteral("pg_visibility"),
         names("pg_check_frozen pg_check_visible pg_visibility pg_visibility_map "
               "pg_visibility_map_summary")},
        {QStringLiteral("pg_walinspect"),
         names("pg_get_wal_block_info pg_get_wal_record_info pg_get_wal_records_info "
               "pg_get_wal_records_info_till_end_of_wal pg_get_wal_stats "
               "pg_get_wal_stats_till_end_of_wal")},
        {QStringLiteral("pgcrypto"),
         names("gen_random_bytes gen_random_uuid gen_salt pgp_pub_encrypt pgp_pub_encrypt_bytea "
               "pgp_sym_encrypt pgp_sym_encrypt_bytea")},
        {QStringLiteral("pgrowlocks"), names("pgrowlocks")},
        {QStringLiteral("pgstattuple"),
         names("pgstattuple pgstatindex pgstatginindex pgstathashindex pgstattuple_approx "
               "pg_relpages")},
        {QStringLiteral("postgres_fdw"), names("postgres_fdw_get_connections")},
        {QStringLiteral("sslinfo"),
         names("ssl_cipher ssl_client_cert_present ssl_client_dn ssl_client_dn_field "
               "ssl_client_serial ssl_extension_info ssl_is_used ssl_issuer_dn ssl_issuer_field "
               "ssl_version")},
        {QStringLiteral("tablefunc"), names("normal_rand")},
        {QStringLiteral("tsm_system_rows"), names("system_rows")},
        {QStringLiteral("tsm_system_time"), names("system_time")},
        {QStringLiteral("uuid-ossp"),
         names("uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4")},
        {QStringLiteral("pg_wait_sampling"),
         names("pg_wait_sampling_get_current pg_wait_sampling_get_history "
               "pg_wait_sampling_get_profile")},
    };
    return known.value(extension).contains(function);
}

bool actsUnmarked(const QString& extension, const QString& function) {
    if (extension == u"tablefunc")
        return function.startsWith(QStringLiteral("crosstab")) || function == u"connectby";
    if (extension == u"isn") return function == u"isn_weak";
    return extension == u"xml2" && function == u"xpath_table";
}

bool actsUnmarked(const QString& builtin) {
    return unmarked().contains(builtin);
}

Verdict volatileVerdict(const QString& function) {
    return {
        Effect::Changes, QStringLiteral("volatile-function"),
        QStringLiteral("It calls %1(), %2.").arg(function, effectOf(function)),
        QStringLiteral("If it must run: rehearse it and confirm it by name, or on the command line "
                       "add --unlock --reason TEXT.")};
}

std::optional<Verdict> judgeByName(const FunctionName& function) {
    if (function.schema == u"pg_temp" || function.schema.startsWith(QStringLiteral("pg_temp_")))
        return Verdict{Effect::Unproven, QStringLiteral("temporary-function"),
                       QStringLiteral("It calls a temporary function, %1().").arg(function.name),
                       QStringLiteral("Use the server's own functions.")};
    if (!function.schema.isEmpty() && function.schema != u"pg_catalog") return std::nullopt;
    if (acting().contains(function.name) || unmarked().contains(function.name))
        return volatileVerdict(function.name);
    return std::nullopt;
}

}  // namespace tocsin::postgres
