<?php
/**
 * Installs WordPress and fills it with the posts of a JSON file, through WordPress's own functions.
 *
 * Usage: php fill.php WORDPRESS SPEC URL
 */

define( 'WP_INSTALLING', true );
function wp_new_blog_notification() {} // Nobody is to get a mail.

require "$argv[1]/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/image.php';

function must( $value ) {
	if ( is_wp_error( $value ) ) {
		throw new RuntimeException( $value->get_error_message() );
	}
	if ( ! $value ) {
		throw new RuntimeException( 'WordPress refused without a word' );
	}
	return $value;
}

function install( array $spec, string $url ): void {
	wp_install( $spec['title'], 'editor', 'editor@example.org', true, '', 'editor-password' );
	wp_set_current_user( 1 );
	foreach ( get_posts( array( 'post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1 ) ) as $sample ) {
		wp_delete_post( $sample->ID, true );
	}
	update_option( 'siteurl', $url );
	update_option( 'home', $url );
	update_option( 'blogdescription', $spec['tagline'] );
	update_option( 'timezone_string', $spec['zone'] );
	update_option( 'permalink_structure', $spec['permalinks'] );
	update_option( 'show_avatars', 1 );
	update_option( 'comment_moderation', 0 );
}

function people( array $authors ): array {
	$ids = array();
	foreach ( $authors as $author ) {
		$ids[ $author['login'] ] = must(
			wp_insert_user(
				array(
					'user_login'   => $author['login'],
					'user_pass'    => 'author-password',
					'user_email'   => "{$author['login']}@example.org",
					'display_name' => $author['name'],
					'description'  => $author['bio'],
					'role'         => 'author',
				)
			)
		);
	}
	return $ids;
}

function categories( array $categories ): array {
	$ids = array();
	foreach ( $categories as $category ) {
		$arguments               = array(
			'slug'   => $category['slug'],
			'parent' => $category['parent'] ? $ids[ $category['parent'] ] : 0,
		);
		$term                    = must( wp_insert_term( wp_slash( $category['name'] ), 'category', $arguments ) );
		$ids[ $category['slug'] ] = $term['term_id'];
	}
	return $ids;
}

function painted( int $number ): string {
	$image = imagecreatetruecolor( 1400, 900 );
	imagefill( $image, 0, 0, imagecolorallocate( $image, 40 * $number % 256, 90, 160 ) );
	ob_start();
	imagejpeg( $image, null, 50 );
	return ob_get_clean();
}

function pictures( array $pictures, array &$places ): array {
	$ids = array();
	foreach ( $pictures as $picture ) {
		$file       = wp_upload_bits( basename( $picture['path'] ), null, painted( $picture['number'] ), '2024/08' );
		$attachment = array(
			'post_title'     => basename( $picture['path'], '.jpg' ),
			'post_excerpt'   => $picture['caption'],
			'post_mime_type' => 'image/jpeg',
		);
		$id         = must( wp_insert_attachment( wp_slash( $attachment ), $file['file'], 0, true ) );
		wp_update_attachment_metadata( $id, wp_generate_attachment_metadata( $id, $file['file'] ) );
		update_post_meta( $id, '_wp_attachment_image_alt', wp_slash( $picture['alt'] ) );

		$ids[ $picture['number'] ]               = $id;
		$places[ "%%id-{$picture['number']}%%" ]    = $id;
		$places[ "%%full-{$picture['number']}%%" ]  = wp_get_attachment_image_url( $id, 'full' );
		$places[ "%%large-{$picture['number']}%%" ] = wp_get_attachment_image_url( $id, 'large' );
	}
	return $ids;
}

/** WordPress dates a change by its own clock: give it the time of the spec. */
function dated( string $modified ): Closure {
	return function ( array $data ) use ( $modified ): array {
		$data['post_modified']     = $modified;
		$data['post_modified_gmt'] = get_gmt_from_date( $modified );
		return $data;
	};
}

function insert( array $post, array $people, array $categories, array $pictures, array $places ): void {
	$statuses = array( 'post' => 'publish', 'page' => 'publish', 'password' => 'publish' );
	$row      = array(
		'post_type'     => 'page' === $post['kind'] ? 'page' : 'post',
		'post_status'   => $statuses[ $post['kind'] ] ?? $post['kind'],
		'post_title'    => $post['title'],
		'post_name'     => $post['old_slug'] ?? $post['slug'],
		'post_content'  => strtr( $post['content'], $places ),
		'post_date'     => $post['published'],
		'post_password' => 'password' === $post['kind'] ? 'tide' : '',
		'post_author'   => $people[ $post['author'] ],
		'post_category' => array_map( fn( $slug ) => $categories[ $slug ], $post['categories'] ),
		'tags_input'    => $post['tags'],
		'post_excerpt'  => $post['excerpt'],
		'import_id'     => $post['id'],
	);
	$edited   = $post['modified'] !== $post['published'];
	if ( $edited ) {
		$row['post_content'] .= "\n\nThis sentence stood in the first version only.";
	}
	$id = must( write( $row, $post['published'] ) );
	if ( $edited || $post['old_slug'] ) {
		$change = array( 'ID' => $id, 'post_name' => $post['slug'], 'post_content' => strtr( $post['content'], $places ) );
		must( write( $change, $post['modified'] ) );
	}
	if ( null !== $post['lead'] ) {
		must( set_post_thumbnail( $id, $pictures[ $post['lead'] ] ) );
	}
	if ( $post['others'] ) {
		update_post_meta( $id, 'others', array_map( fn( $login ) => $people[ $login ], $post['others'] ) );
	}
	if ( $post['notes'] ) {
		update_post_meta( $id, 'footnotes', wp_slash( wp_json_encode( $post['notes'] ) ) );
	}
	if ( $post['sticky'] ) {
		stick_post( $id );
	}
	foreach ( $post['comments'] as $place => $said ) {
		comment( $id, $post, $place, $said );
	}
}

function write( array $row, string $modified ) {
	$clock = dated( $modified );
	add_filter( 'wp_insert_post_data', $clock );
	$id = isset( $row['ID'] ) ? wp_update_post( wp_slash( $row ), true ) : wp_insert_post( wp_slash( $row ), true );
	remove_filter( 'wp_insert_post_data', $clock );
	return $id;
}

function comment( int $id, array $post, int $place, string $said ): void {
	$date = gmdate( 'Y-m-d H:i:s', strtotime( "{$post['published']} UTC" ) + 3600 * ( $place + 1 ) );
	must(
		wp_insert_comment(
			wp_slash(
				array(
					'comment_post_ID'      => $id,
					'comment_author'       => "Reader $place",
					'comment_author_email' => "reader$place@example.org",
					'comment_content'      => $said,
					'comment_date'         => $date,
					'comment_date_gmt'     => get_gmt_from_date( $date ),
					'comment_approved'     => 1,
				)
			)
		)
	);
}

function menu( string $name, string $type, string $object, array $ids ): int {
	$menu = must( wp_create_nav_menu( $name ) );
	foreach ( $ids as $id ) {
		$item = array(
			'menu-item-object-id' => $id,
			'menu-item-object'    => $object,
			'menu-item-type'      => $type,
			'menu-item-status'    => 'publish',
		);
		must( wp_update_nav_menu_item( $menu, 0, $item ) );
	}
	return $menu;
}

/** Block themes list the pages by themselves. */
function menus( array $categories ): void {
	$pages     = get_posts( array( 'post_type' => 'page', 'numberposts' => -1, 'fields' => 'ids' ) );
	$locations = array(
		'primary' => menu( 'Sections', 'taxonomy', 'category', $categories ),
		'footer'  => menu( 'House', 'post_type', 'page', $pages ),
	);
	update_option( 'theme_mods_twentytwentyone', array( 'nav_menu_locations' => $locations ) );
}

function fill( array $spec, string $url ): void {
	global $wpdb;
	install( $spec, $url );
	wp_defer_term_counting( true );
	wp_defer_comment_counting( true );
	$wpdb->query( 'START TRANSACTION' );
	$places     = array();
	$people     = people( $spec['authors'] );
	$categories = categories( $spec['categories'] );
	$pictures   = pictures( $spec['pictures'], $places );
	foreach ( $spec['posts'] as $post ) {
		insert( $post, $people, $categories, $pictures, $places );
	}
	menus( $categories );
	wp_defer_term_counting( false );
	wp_defer_comment_counting( false );
	$wpdb->query( 'COMMIT' );
	flush_rewrite_rules( false );
}

fill( json_decode( file_get_contents( $argv[2] ), true, 512, JSON_THROW_ON_ERROR ), $argv[3] );
