"""Between the browser and Streamlit: session, downloads, headers, index page, warm start."""
