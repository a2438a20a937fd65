"""Parameters of a query that say where a reader came from, not which page is meant."""

from __future__ import annotations

# Parameters that their makers document as tracking or as a session, lower-case. Names that mean
# something on some site (ref, source, from, campaign, cid, sid, id) are left alone.
PREFIXES = ("utm_", "fb_", "hsa_", "pk_", "mtm_", "at_custom", "aspsessionid")
PARAMETERS = frozenset(
    """
    _ga _gl _gac gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid
    fbclid mibextid igsh igshid twclid ttclid li_fat_id epik rdt_cid __twitter_impression
    msclkid ocid wt.mc_id yclid ysclid _openstat spm
    mc_cid mc_eid mkt_tok vero_id vero_conv oly_enc_id oly_anon_id wickedid ck_subscriber_id
    ml_subscriber ml_subscriber_hash _kx vgo_ee
    _hsenc _hsmi __hssc __hstc __hsfp hsctatracking
    at_medium at_campaign at_channel at_creation at_format at_variant at_ptr_name at_bbc_team
    at_link_id at_link_origin at_link_type at_campaign_type xtor
    ns_mchannel ns_source ns_campaign ns_linkname ns_fee
    s_cid s_kwcid ef_id tblci dicbo guccounter guce_referrer guce_referrer_sig
    cmpid ito ncid sr_share smid
    phpsessid jsessionid
    """.split()  # noqa: SIM905 - eighty quoted names on eighty lines hide the table
)


def is_tracking(name: str) -> bool:
    """Whether a parameter of this name is one of a tracker or a session."""
    key = name.lower()
    return key in PARAMETERS or key.startswith(PREFIXES)
