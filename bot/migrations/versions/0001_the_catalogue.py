"""The catalogue, and the people who ask"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('organizer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=2000), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organizer')),
    sa.UniqueConstraint('key', name=op.f('uq_organizer_key')),
    sqlite_autoincrement=True
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('place_key', sa.String(length=200), nullable=True),
    sa.Column('last_seen', sa.Date(), nullable=False),
    sa.Column('created_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('chat_id', name=op.f('uq_person_chat_id'))
    )
    op.create_table('source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source')),
    sa.UniqueConstraint('name', name=op.f('uq_source_name'))
    )
    op.create_table('venue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=400), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=True),
    sa.Column('postcode', sa.String(length=4), nullable=True),
    sa.Column('town', sa.String(length=100), nullable=True),
    sa.Column('municipality', sa.String(length=100), nullable=True),
    sa.Column('district', sa.String(length=100), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('located_by', sa.String(length=20), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_venue')),
    sa.UniqueConstraint('key', name=op.f('uq_venue_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('venue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_venue_municipality'), ['municipality'], unique=False)
        batch_op.create_index(batch_op.f('ix_venue_postcode'), ['postcode'], unique=False)

    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('external_id', sa.String(length=500), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_series_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
    sa.UniqueConstraint('source_id', 'external_id', name=op.f('uq_series_source_id_external_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_series_source_id'), ['source_id'], unique=False)

    op.create_table('offering',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('external_id', sa.String(length=500), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('descriptions', sa.JSON(), nullable=False),
    sa.Column('keywords', sa.JSON(), nullable=False),
    sa.Column('age_from', sa.Integer(), nullable=True),
    sa.Column('age_to', sa.Integer(), nullable=True),
    sa.Column('made_for', sa.String(length=20), nullable=True),
    sa.Column('price_kind', sa.String(length=10), nullable=False),
    sa.Column('prices', sa.JSON(), nullable=False),
    sa.Column('access', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('inferred', sa.JSON(), nullable=False),
    sa.Column('organizer_id', sa.Integer(), nullable=True),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('url', sa.String(length=2000), nullable=True),
    sa.Column('image_url', sa.String(length=2000), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('residents_only', sa.Boolean(), nullable=False),
    sa.Column('season_from', sa.Date(), nullable=True),
    sa.Column('season_until', sa.Date(), nullable=True),
    sa.Column('weekdays', sa.JSON(), nullable=False),
    sa.Column('enrolment_opens', sa.DateTime(timezone=True), nullable=True),
    sa.Column('enrolment_closes', sa.DateTime(timezone=True), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('remaining', sa.Integer(), nullable=True),
    sa.Column('enrolment_url', sa.String(length=2000), nullable=True),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organizer_id'], ['organizer.id'], name=op.f('fk_offering_organizer_id_organizer')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_offering_series_id_series')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_offering_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offering')),
    sa.UniqueConstraint('public_id', name=op.f('uq_offering_public_id')),
    sa.UniqueConstraint('source_id', 'external_id', name=op.f('uq_offering_source_id_external_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('offering', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offering_organizer_id'), ['organizer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_offering_series_id'), ['series_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_offering_source_id'), ['source_id'], unique=False)
        batch_op.create_index('ix_offering_status_withdrawn', ['status', 'withdrawn_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_offering_updated_at'), ['updated_at'], unique=False)

    op.create_table('occurrence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('offering_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('start', sa.DateTime(timezone=True), nullable=False),
    sa.Column('end', sa.DateTime(timezone=True), nullable=True),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('time_known', sa.Boolean(), nullable=False),
    sa.Column('is_run', sa.Boolean(), nullable=False),
    sa.Column('open_days', sa.JSON(), nullable=False),
    sa.Column('opens', sa.Time(), nullable=True),
    sa.Column('closes', sa.Time(), nullable=True),
    sa.Column('venue_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('previous_start', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_occurrence_offering_id_offering'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_occurrence_venue_id_venue')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_occurrence')),
    sa.UniqueConstraint('offering_id', 'key', name=op.f('uq_occurrence_offering_id_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('occurrence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_occurrence_end'), ['end'], unique=False)
        batch_op.create_index(batch_op.f('ix_occurrence_start'), ['start'], unique=False)
        batch_op.create_index('ix_occurrence_start_end', ['start', 'end'], unique=False)
        batch_op.create_index(batch_op.f('ix_occurrence_venue_id'), ['venue_id'], unique=False)

    op.create_table('offeringtag',
    sa.Column('offering_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_offeringtag_offering_id_offering'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('offering_id', 'kind', 'value', name=op.f('pk_offeringtag'))
    )
    with op.batch_alter_table('offeringtag', schema=None) as batch_op:
        batch_op.create_index('ix_offeringtag_kind_value', ['kind', 'value'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('offeringtag', schema=None) as batch_op:
        batch_op.drop_index('ix_offeringtag_kind_value')

    op.drop_table('offeringtag')
    with op.batch_alter_table('occurrence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_occurrence_venue_id'))
        batch_op.drop_index('ix_occurrence_start_end')
        batch_op.drop_index(batch_op.f('ix_occurrence_start'))
        batch_op.drop_index(batch_op.f('ix_occurrence_end'))

    op.drop_table('occurrence')
    with op.batch_alter_table('offering', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offering_updated_at'))
        batch_op.drop_index('ix_offering_status_withdrawn')
        batch_op.drop_index(batch_op.f('ix_offering_source_id'))
        batch_op.drop_index(batch_op.f('ix_offering_series_id'))
        batch_op.drop_index(batch_op.f('ix_offering_organizer_id'))

    op.drop_table('offering')
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_series_source_id'))

    op.drop_table('series')
    with op.batch_alter_table('venue', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_venue_postcode'))
        batch_op.drop_index(batch_op.f('ix_venue_municipality'))

    op.drop_table('venue')
    op.drop_table('source')
    op.drop_table('person')
    op.drop_table('organizer')
