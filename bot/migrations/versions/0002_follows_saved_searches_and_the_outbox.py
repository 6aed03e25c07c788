"""Follows, saved searches and the outbox"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bookmark',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_bookmark'))
    )
    op.create_table('child',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('birth_year', sa.Integer(), nullable=False),
    sa.Column('emoji', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_child_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_child'))
    )
    with op.batch_alter_table('child', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_child_person_id'), ['person_id'], unique=False)

    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('offering_id', sa.Integer(), nullable=True),
    sa.Column('occurrence_id', sa.Integer(), nullable=True),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('useful_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('claimed_by', sa.String(length=40), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('keep_until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_delivery_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('key', name=op.f('uq_delivery_key'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_keep_until'), ['keep_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_delivery_offering_id'), ['offering_id'], unique=False)
        batch_op.create_index('ix_delivery_person_occurrence', ['person_id', 'occurrence_id'], unique=False)
        batch_op.create_index('ix_delivery_state_due', ['state', 'due_at', 'useful_until'], unique=False)
        batch_op.create_index('ix_delivery_state_order', ['state', 'priority', 'useful_until', 'due_at'], unique=False)

    op.create_table('follow',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('leads', sa.JSON(), nullable=True),
    sa.Column('wants_seats', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_follow_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow')),
    sa.UniqueConstraint('person_id', 'kind', 'target_id', name=op.f('uq_follow_person_id_kind_target_id'))
    )
    with op.batch_alter_table('follow', schema=None) as batch_op:
        batch_op.create_index('ix_follow_kind_target', ['kind', 'target_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_person_id'), ['person_id'], unique=False)

    op.create_table('savedsearch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=True),
    sa.Column('query', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('renew_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_savedsearch_child_id_child'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_savedsearch_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_savedsearch'))
    )
    with op.batch_alter_table('savedsearch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_savedsearch_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_savedsearch_renew_at'), ['renew_at'], unique=False)

    op.create_table('offeringchange',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('offering_id', sa.Integer(), nullable=False),
    sa.Column('occurrence_id', sa.Integer(), nullable=True),
    sa.Column('fact', sa.String(length=12), nullable=False),
    sa.Column('old', sa.String(length=2000), nullable=True),
    sa.Column('new', sa.String(length=2000), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_offeringchange_offering_id_offering'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offeringchange'))
    )
    with op.batch_alter_table('offeringchange', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offeringchange_occurrence_id'), ['occurrence_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_offeringchange_offering_id'), ['offering_id'], unique=False)

    op.create_table('surveycount',
    sa.Column('offering_id', sa.Integer(), nullable=False),
    sa.Column('went', sa.Integer(), nullable=False),
    sa.Column('stayed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_surveycount_offering_id_offering'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('offering_id', name=op.f('pk_surveycount'))
    )
    with op.batch_alter_table('occurrence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))

    # People who are known already get today's defaults; new ones get them from the model.
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('leads', sa.JSON(), nullable=False, server_default=sa.text("'[\"d1@17:00\", \"m120\"]'")))
        batch_op.add_column(sa.Column('quiet_from', sa.Time(), nullable=False, server_default=sa.text("'21:00:00.000000'")))
        batch_op.add_column(sa.Column('quiet_until', sa.Time(), nullable=False, server_default=sa.text("'08:00:00.000000'")))
        batch_op.add_column(sa.Column('weekly_cap', sa.Integer(), nullable=False, server_default=sa.text('7')))
        batch_op.add_column(sa.Column('digest', sa.String(length=10), nullable=False, server_default=sa.text("'asap'")))
        batch_op.add_column(sa.Column('digest_weekday', sa.Integer(), nullable=False, server_default=sa.text('4')))
        batch_op.add_column(sa.Column('digest_time', sa.Time(), nullable=False, server_default=sa.text("'16:00:00.000000'")))
        batch_op.add_column(sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('surveys', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('inactive_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('warned_on', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_person_inactive_since'), ['inactive_since'], unique=False)
    with op.batch_alter_table('person', schema=None) as batch_op:
        for column in ('leads', 'quiet_from', 'quiet_until', 'weekly_cap', 'digest', 'digest_weekday', 'digest_time', 'surveys'):
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('occurrence', schema=None) as batch_op:
        batch_op.drop_column('withdrawn_at')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_inactive_since'))
        for column in ('warned_on', 'inactive_since', 'surveys', 'paused_until', 'digest_time', 'digest_weekday', 'digest',
                       'weekly_cap', 'quiet_until', 'quiet_from', 'leads'):
            batch_op.drop_column(column)
    for table in ('surveycount', 'offeringchange', 'savedsearch', 'follow', 'delivery', 'child', 'bookmark'):
        op.drop_table(table)
