-- The owner of all tables, whom migrations log in as, and a role and a database for each service.
CREATE ROLE wuye_owner LOGIN PASSWORD 'wuye';
CREATE ROLE wuye_security LOGIN PASSWORD 'wuye';
CREATE DATABASE wuye_security OWNER wuye_owner;
CREATE ROLE wuye_workorders LOGIN PASSWORD 'wuye';
CREATE DATABASE wuye_workorders OWNER wuye_owner;
CREATE ROLE wuye_billing LOGIN PASSWORD 'wuye';
CREATE DATABASE wuye_billing OWNER wuye_owner;
CREATE ROLE wuye_notifications LOGIN PASSWORD 'wuye';
CREATE DATABASE wuye_notifications OWNER wuye_owner;
CREATE ROLE wuye_analytics LOGIN PASSWORD 'wuye';
CREATE DATABASE wuye_analytics OWNER wuye_owner;
