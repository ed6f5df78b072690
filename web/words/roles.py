"""What each role is called."""

from web.words.catalogue import N_

ROLES = {
    "base_filler": N_("基地管理机构填报员"),
    "base_authority": N_("基地所在地主管部门"),
    "city_officer": N_("市（州）经办人"),
    "city_section_head": N_("市（州）科长"),
    "city_leader": N_("市（州）分管领导"),
    "prov_officer": N_("商务厅经办人"),
    "prov_checker": N_("商务厅复核人"),
    "prov_division_head": N_("商务厅处室负责人"),
    "prov_office": N_("商务厅办公室"),
    "legal": N_("法规处"),
    "prov_leader": N_("厅领导"),
    "expert": N_("评审专家"),
    "panel_leader": N_("评审组组长"),
    "visit_team": N_("考察组"),
    "dept_liaison": N_("部门联络员"),
    "fair_trade": N_("商务厅公平贸易"),
    "meeting_secretary": N_("联席会议秘书"),
    "supervisor": N_("督办人员"),
    "process_owner": N_("流程管理员"),
    "auditor": N_("纪检监察和审计"),
    "sysadmin": N_("系统管理员"),
    "secadmin": N_("安全管理员"),
    "auditadmin": N_("审计管理员"),
}
