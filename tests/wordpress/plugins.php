<?php
/**
 * Plugin Name: What the plugins of newsrooms do: several authors of a post, related posts below it.
 */

/** The block of the authors, with a link to each, as plugins for several authors write it. */
function quay_coauthors(): string {
	$ids   = array_merge( array( (int) get_post()->post_author ), (array) get_post_meta( get_the_ID(), 'others', true ) );
	$names = array();
	foreach ( array_filter( $ids ) as $id ) {
		$names[] = sprintf(
			'<a href="%s" class="author url fn" rel="author">%s</a>',
			esc_url( get_author_posts_url( $id ) ),
			esc_html( get_the_author_meta( 'display_name', $id ) )
		);
	}
	$last = array_pop( $names );
	$said = $names ? implode( ', ', $names ) . ' and ' . $last : $last;
	return "<div class=\"wp-block-coauthors vcard\">$said</div>";
}

/** Three other posts at the end of the content, as plugins for related posts write it. */
function quay_related( string $content ): string {
	if ( ! is_singular( 'post' ) || ! in_the_loop() || get_the_ID() !== get_queried_object_id() ) {
		return $content;
	}
	$items = '';
	foreach ( get_posts( array( 'numberposts' => 3, 'exclude' => array( get_the_ID() ), 'orderby' => 'rand(7)' ) ) as $post ) {
		$items .= sprintf( '<li><a href="%s">%s</a></li>', esc_url( get_permalink( $post ) ), esc_html( $post->post_title ) );
	}
	return $content . "<div class=\"related-posts\"><h3>Related posts</h3><ul>$items</ul></div>";
}

add_action( 'init', fn() => register_block_type( 'quay/coauthors', array( 'render_callback' => 'quay_coauthors' ) ) );
add_filter( 'the_content', 'quay_related', 20 );
